#include "enxerto/generation/prompts.h"

#include <algorithm>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/media/text/chat_template.h"
#include "enxerto/media/text/code_points.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestFile = std::size_t{256} << 20, kLargestTemplate = std::size_t{1} << 20;

/// A prompt, or the messages of a conversation.
struct Asked {
  std::string name, text;
  Json messages;
};

std::string whole(const std::filesystem::path& file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  return read_text(file, kLargestFile, ErrorKind::data);
}

Asked asked_by(std::string_view line, const std::string& where, bool chat) {
  require_utf8(line, where);
  if (!line.starts_with('{')) return {.name = where, .text = std::string(line), .messages = {}};
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) throw data_error(where, "not a line of JSON", "an object with \"prompt\"");
  if (chat && object.contains("messages")) return {.name = where, .text = "", .messages = object.at("messages")};
  for (const char* key : {"prompt", "text"})
    if (const auto found = object.find(key); found != object.end() && found->is_string())
      return {.name = where, .text = found->get<std::string>(), .messages = {}};
  if (object.contains("messages"))
    throw data_error(where, R"("messages", but no "prompt")", R"(an object with "prompt", a text)",
                     "ask for a chat, which answers messages");
  throw data_error(where, R"(no "prompt")",
                   chat ? R"(an object with "prompt" or "messages")" : R"(an object with "prompt", a text)");
}

std::vector<Asked> all_asked(const PromptOptions& options) {
  if (options.text) {
    require_utf8(*options.text, "prompt");
    return {{.name = "prompt", .text = *options.text, .messages = {}}};
  }
  const std::string name = options.file == "-" ? "standard input" : options.file.string();
  const std::string text = whole(options.file);
  std::vector<Asked> asked;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_blank(line)) asked.push_back(asked_by(line, fmt::format("{}, line {}", name, number), options.chat));
  });
  if (asked.empty()) throw data_error(name, "no prompts", "one per line, or lines of JSON with \"prompt\"");
  return asked;
}

std::string template_of(const LanguageModel& model, const PromptOptions& options) {
  if (!options.template_file.empty()) return read_text(options.template_file, kLargestTemplate, ErrorKind::data);
  if (model.chat_template.empty())
    throw usage_error("--chat", fmt::format("{} brings no chat template", model.name),
                      "a folder whose tokenizer_config.json has one", "--chat-template FILE, or leave --chat out");
  return model.chat_template;
}

Json conversation(const Asked& asked, const PromptOptions& options) {
  if (!asked.messages.is_null()) return asked.messages;
  Json messages = Json::array();
  if (!options.system.empty()) messages.push_back({{"role", "system"}, {"content", options.system}});
  messages.push_back({{"role", "user"}, {"content", asked.text}});
  return messages;
}

std::string filled_template(const LanguageModel& model, const std::string& jinja, const Json& messages,
                            const PromptOptions& options, const Progress& progress) {
  try {
    return fill_chat_template(jinja, messages, model.special,
                              options.template_file.empty() ? model.name : options.template_file);
  } catch (const Error&) {
    throw_if_cancelled(progress);  // a template that a signal has ended has no fault
    throw;
  }
}

void notice_unknown(const LanguageModel& model, const Prompt& prompt, Progress& progress) {
  if (!model.tokenizer->unknown()) return;
  const auto unknown = std::ranges::count(prompt.tokens, static_cast<std::int64_t>(*model.tokenizer->unknown()));
  if (unknown > 0)
    progress.notice(fmt::format("{}: {} of {} {} unknown to the model", prompt.name, unknown,
                                counted(prompt.tokens.size(), "token"), unknown == 1 ? "is" : "are"));
}

}  // namespace

std::vector<Prompt> read_prompts(const LanguageModel& model, const PromptOptions& options, Progress& progress) {
  const std::string jinja = options.chat ? template_of(model, options) : "";
  std::vector<Prompt> prompts;
  for (const Asked& asked : all_asked(options)) {
    Prompt prompt{.name = asked.name, .text = asked.text, .tokens = {}};
    if (options.chat) prompt.text = filled_template(model, jinja, conversation(asked, options), options, progress);
    prompt.tokens = prompt_tokens(model, prompt.text, prompt.name, !options.chat);
    notice_unknown(model, prompt, progress);
    prompts.push_back(std::move(prompt));
  }
  return prompts;
}

}  // namespace enxerto

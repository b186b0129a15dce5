#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/files/read.h"
#include "enxerto/generation/generate.h"
#include "enxerto/generation/open_decoder.h"
#include "enxerto/generation/prompts.h"
#include "enxerto/generation/text_measures.h"

namespace enxerto::cli {
namespace {

struct GenerateOptions {
  std::string model, prompt, system, template_file, precision = "fp32", early = "heuristic";
  std::filesystem::path prompts, training_text, adapter;
  GenerationOptions generation;
  std::int64_t seed = 0;
  int threads = 0;
  bool chat = false, echo = false, has_prompt = false;
};

PromptOptions prompts_of(const GenerateOptions& options) {
  if (options.has_prompt == !options.prompts.empty())
    throw usage_error(options.has_prompt ? "--prompts" : "generate",
                      options.has_prompt ? "given beside --prompt" : "no prompt",
                      "one of --prompt TEXT, --prompts FILE");
  if (!options.chat && !options.system.empty())
    throw usage_error("--system", "no effect without --chat", "a conversation", "leave it out");
  if (!options.chat && !options.template_file.empty())
    throw usage_error("--chat-template", "no effect without --chat", "a conversation", "leave it out");
  PromptOptions asked{.chat = options.chat, .system = options.system, .template_file = options.template_file};
  if (options.has_prompt) asked.text = options.prompt;
  asked.file = options.prompts;
  return asked;
}

Json json_of(const GeneratedText& text, const GenerationOptions& options) {
  Json row{
      {"text", text.text}, {"tokens", text.tokens.size()}, {"ids", text.tokens}, {"stopped_by", word_of(text.reason)}};
  if (!text.stop.empty()) row["stop"] = text.stop;
  if (options.beams > 1) row["score"] = text.score;
  return row;
}

/// How much the texts repeat themselves, and what they have copied.
struct Measured {
  Repetition repetition;
  LongestCopy copy;
  std::size_t characters = 0;  ///< of the text that has the longest copy, bytes
};

std::string training_text_of(const GenerateOptions& options) {
  constexpr std::size_t kLargest = std::size_t{1} << 30;
  return options.training_text.empty() ? "" : read_text(options.training_text, kLargest, ErrorKind::data);
}

Measured measured(const std::vector<GeneratedText>& texts, std::string_view other) {
  Measured found;
  std::vector<std::vector<std::int64_t>> tokens;
  for (const GeneratedText& text : texts) {
    tokens.push_back(text.tokens);
    LongestCopy copy = longest_copy(text.text, other);
    if (copy.text.size() < found.copy.text.size()) continue;
    found.copy = std::move(copy);
    found.characters = text.text.size();
  }
  found.repetition = repetition_of(tokens);
  return found;
}

Json json_of(const Measured& found) {
  return {
      {"distinct", found.repetition.distinct},
      {"repeated_4grams", found.repetition.repeated_4grams},
      {"longest_copy", {{"text", found.copy.text}, {"bytes", found.copy.text.size()}, {"of_bytes", found.characters}}}};
}

std::string sentence_of(const Measured& found) {
  const std::string copy = Json(found.copy.text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return fmt::format(
      "the longest copy of the training text is {} of {} bytes: {}; distinct runs of 1 to 4 tokens: {:.0f} %, "
      "{:.0f} %, {:.0f} %, {:.0f} %; runs of 4 that come again: {:.1f} %",
      found.copy.text.size(), found.characters, copy, 100 * found.repetition.distinct[0],
      100 * found.repetition.distinct[1], 100 * found.repetition.distinct[2], 100 * found.repetition.distinct[3],
      100 * found.repetition.repeated_4grams);
}

void print_and_flush(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

/// Outputs in which no stop text was met.
void notice_unmet(const std::vector<GeneratedText>& texts, const GenerationOptions& options, Progress& progress) {
  if (options.stop.empty()) return;
  std::size_t unmet = 0;
  for (const GeneratedText& text : texts) unmet += text.reason != EndReason::stop_text ? 1 : 0;
  if (unmet == 0) return;
  progress.notice(texts.size() == 1 ? fmt::format("no stop text was met: the output ends {}",
                                                  texts.front().reason == EndReason::end_token
                                                      ? "where the network ended it"
                                                      : "where it had as many tokens as allowed")
                                    : fmt::format("no stop text was met in {} of {} outputs", unmet, texts.size()));
}

void print_texts(const GenerateOptions& options, const Prompt& prompt, const std::vector<GeneratedText>& texts,
                 bool several) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (several) fmt::print("== {}, text {} of {}\n", prompt.name, i + 1, texts.size());
    fmt::print("{}{}\n", options.echo ? prompt.text : "", texts[i].text);
  }
}

/// What was written so far, for the end.
struct Written {
  Json rows = Json::array();
  std::vector<GeneratedText> texts = {};
  std::size_t tokens = 0;
};

/// One prompt's texts, as soon as they are there.
void show(const Session& session, const GenerateOptions& options, const Prompt& prompt,
          const std::vector<GeneratedText>& texts, Written& written) {
  Json found = Json::array();
  for (const GeneratedText& text : texts) {
    found.push_back(json_of(text, options.generation));
    written.tokens += text.tokens.size();
  }
  if (session.json)
    written.rows.push_back({{"prompt", prompt.text}, {"prompt_tokens", prompt.tokens.size()}, {"texts", found}});
  notice_unmet(texts, options.generation, *session.progress);
  written.texts.insert(written.texts.end(), texts.begin(), texts.end());
}

/// The only text of the only prompt is shown as it is written; some prompts at a time are written side by side.
void write_all(const Session& session, const GenerateOptions& options, const LanguageModel& model, Decoder& decoder,
               const std::vector<Prompt>& prompts, Written& written) {
  const bool several = prompts.size() > 1 || options.generation.samples > 1;
  const bool streams = !session.json && !several && options.generation.beams == 1;
  const std::size_t at_once = prompts_at_once(options.generation, prompts.size());
  for (std::size_t first = 0; first < prompts.size(); first += at_once) {
    std::vector<GenerationRequest> requests;
    for (std::size_t i = first; i < std::min(first + at_once, prompts.size()); ++i)
      requests.push_back({.prompt = prompts[i].tokens,
                          .number = i,
                          .options = options.generation,
                          .written = streams ? print_and_flush : std::function<void(std::string_view)>()});
    if (streams && options.echo) fmt::print("{}", prompts[first].text);
    const std::vector<std::vector<GeneratedText>> found = generate_all(model, decoder, requests, *session.progress);
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (streams)
        print_and_flush("\n");
      else if (!session.json)
        print_texts(options, prompts[first + i], found[i], several);
      show(session, options, prompts[first + i], found[i], written);
    }
  }
}

int generate(const Session& session, GenerateOptions& options) {
  options.generation.seed = static_cast<std::uint64_t>(options.seed);
  options.generation.early_stopping = from_word<BeamsEnd>(options.early).value_or(BeamsEnd::heuristic);
  check(options.generation);
  const std::string other = training_text_of(options);  // an error here loses nothing that was written
  const PromptOptions asked = prompts_of(options);
  LanguageModel model = open_language_model(options.model);
  if (!options.adapter.empty()) merge_adapter(model, options.adapter);
  for (const std::string& note : model.notes) session.progress->notice(note);
  const std::vector<Prompt> prompts = read_prompts(model, asked, *session.progress);
  Decoder decoder =
      open_decoder(model, prompts, options.generation,
                   {.threads = options.threads,
                    .precision = from_word<DecodingPrecision>(options.precision).value_or(DecodingPrecision::fp32)},
                   *session.progress);
  Written written;
  const Stopwatch watch;
  write_all(session, options, model, decoder, prompts, written);
  const double seconds = watch.seconds(), rate = static_cast<double>(written.tokens) / seconds;
  Json result{{"prompts", written.rows}, {"seconds", seconds}, {"tokens_per_second", rate}};
  if (!options.training_text.empty()) {
    const Measured found = measured(written.texts, other);
    result["quality"] = json_of(found);
    if (!session.json) session.progress->notice(sentence_of(found));
  }
  if (session.json) session.print(result);
  if (session.verbose)
    session.progress->notice(
        fmt::format("{} in {:.2f} s: {:.1f} tokens/s", counted(written.tokens, "token"), seconds, rate));
  return 0;
}

void add_choice(Command& command, GenerateOptions& options) {
  GenerationOptions& asked = options.generation;
  const char* const group = "How tokens are chosen";
  command
      .add_option("--temperature", asked.temperature,
                  "Draw tokens, with scores divided by it; 0: the most probable each time (0)")
      ->group(group);
  command.add_option("--top-k", asked.top_k, "Draw among so many most probable (all)")->group(group);
  command.add_option("--top-p", asked.top_p, "Draw among the fewest that have this probability together (1)")
      ->group(group);
  command.add_option("--min-p", asked.min_p, "Draw among those with this share of the highest probability (0)")
      ->group(group);
  command.add_option("--samples", asked.samples, "Texts per prompt (1)")->group(group);
  command.add_option("--seed", options.seed, "Of what is drawn (0)")->not_negative()->group(group);
  command.add_option("--beams", asked.beams, "Search for the most probable text with so many beams (1)")->group(group);
  command
      .add_option("--length-penalty", asked.length_penalty,
                  "With beams: log-probabilities are divided by the length to this power (1)")
      ->group(group);
  command
      .add_option("--early-stopping", options.early, "With beams, when to end: heuristic | as-soon | never (heuristic)")
      ->one_of({"heuristic", "as-soon", "never"})
      ->group(group);
  command
      .add_option("--repetition-penalty", asked.repetition_penalty,
                  "Above 1: tokens that the text has become less probable (1)")
      ->group(group);
  command.add_option("--no-repeat-ngram", asked.no_repeat_ngram, "No run of so many tokens twice (0: any)")
      ->group(group);
}

void add_end(Command& command, GenerateOptions& options) {
  GenerationOptions& asked = options.generation;
  const char* const group = "Where a text ends";
  command.add_option("-n,--max-new-tokens", asked.max_new_tokens, "Tokens at most (128)")->group(group);
  command.add_option("--min-new-tokens", asked.min_new_tokens, "Tokens before the first that may end the text (0)")
      ->group(group);
  command
      .add_flag("--slide", asked.slide,
                "Go on where the network's positions are used up, with the second half of them alone")
      ->group(group);
  command.add_option("--stop", asked.stop, "End before this text; may be given several times")->group(group);
}

}  // namespace

void add_generate(Command& app, Session& session) {
  Command* command = app.add_subcommand("generate", "Continue a text with a language model");
  auto options = std::make_shared<GenerateOptions>();
  command
      ->add_option("MODEL", options->model,
                   "A saved language model, or a published one: a folder, a GGUF file, org/name")
      ->required();
  command->add_option(
      "-p,--prompt",
      [options](const std::string& text) {
        options->prompt = text;
        options->has_prompt = true;
      },
      "The text to be continued");
  command->add_option(
      "--prompts", options->prompts,
      R"(A file of prompts, one per line, or lines of JSON with "prompt" or "messages"; - reads standard input)");
  command->add_flag("--chat", options->chat,
                    "The prompt is a message, to be answered: the model's chat template is put around it");
  command->add_option("--system", options->system, "With --chat: what the model is told before");
  command->add_option("--chat-template", options->template_file, "With --chat: a file with the template (Jinja)");
  command->add_flag("--echo", options->echo, "Print the prompt before the text");
  command->add_option("--adapter", options->adapter, "A LoRA of this network, a folder as the library PEFT saves it");
  command->add_option("--training-text", options->training_text,
                      "The text that the model learned from: how much of it is copied is told, and how much the output "
                      "repeats itself");
  add_choice(*command, *options);
  add_end(*command, *options);
  command
      ->add_option("--precision", options->precision,
                   "Of weights and arithmetic: fp32 | bf16 | int8 (weights alone) (fp32)")
      ->one_of({"fp32", "bf16", "int8"});
  command->add_option("-t,--threads", options->threads, "Threads (all cores)")->not_negative();
  command->callback(
      [&session, options] { session.command = [&session, options] { return generate(session, *options); }; });
}

}  // namespace enxerto::cli

#include "enxerto/workflow/written_texts.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "enxerto/data/example_fields.h"
#include "enxerto/generation/generate.h"
#include "enxerto/generation/open_decoder.h"
#include "enxerto/generation/text_measures.h"

namespace enxerto {
namespace {

constexpr std::size_t kTexts = 4, kPromptTokens = 12;
constexpr std::size_t kMostTrainingText = std::size_t{1} << 28;  // bytes that a copy is looked for in

std::string text_at(const Dataset& dataset, std::size_t position) {
  const std::vector<Field> fields = fields_of(dataset, *dataset.get(position));
  const std::span<const std::byte> bytes = fields.at(0).bytes.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string training_text(const TextWriter& writer) {
  std::vector<std::size_t> positions(writer.training.begin(), writer.training.end());
  std::ranges::sort(positions);
  std::string all;
  for (const std::size_t position : positions) {
    all += text_at(writer.dataset, position);
    if (all.size() > kMostTrainingText) break;
  }
  return all;
}

/// The first tokens of test examples, evenly drawn.
std::vector<Prompt> beginnings(const TextWriter& writer, const LanguageModel& model) {
  std::vector<Prompt> prompts;
  const std::size_t count = std::min(kTexts, writer.test.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t position = writer.test[i * writer.test.size() / count];
    Prompt prompt{.name = writer.dataset.get(position)->id(), .text = "", .tokens = {}};
    prompt.tokens = prompt_tokens(model, text_at(writer.dataset, position), prompt.name);
    if (prompt.tokens.size() > kPromptTokens) prompt.tokens.resize(kPromptTokens);
    const std::vector<std::uint32_t> ids(prompt.tokens.begin(), prompt.tokens.end());
    prompt.text = model.tokenizer->decode(ids);
    prompts.push_back(std::move(prompt));
  }
  return prompts;
}

std::vector<Cell> row_of(const Prompt& prompt, const GeneratedText& text, const std::string& learned) {
  const Repetition repetition = repetition_of({&text.tokens, 1});
  return {prompt.name, static_cast<std::uint64_t>(text.text.size()),
          static_cast<std::uint64_t>(longest_copy(text.text, learned).text.size()), repetition.distinct[1],
          repetition.repeated_4grams};
}

MetricTable empty_table() {
  return {.name = "written",
          .title = "What it writes",
          .note =
              "Texts that it wrote behind the beginnings of these test examples, drawn with temperature 0.8 and top-p "
              "0.95. A copy is the longest part that stands in what it was trained on too.",
          .columns = {{"example", "Behind the beginning of"},
                      {"bytes", "Bytes"},
                      {"copied_bytes", "Longest copy, bytes"},
                      {"distinct_2", "Different pairs of tokens", true},
                      {"repeated_4grams", "Runs of 4 tokens again", true}},
          .rows = {}};
}

}  // namespace

WrittenTexts written_texts(const TextWriter& writer, Progress& progress) {
  WrittenTexts found{.figures = empty_table(), .sample = ""};
  const LanguageModel model = language_model(writer.network.name, writer.network, writer.preprocessor);
  const std::vector<Prompt> prompts = beginnings(writer, model);
  if (prompts.empty()) return found;
  const GenerationOptions options{
      .max_new_tokens = 100, .temperature = 0.8, .top_p = 0.95, .slide = model.context > 0, .seed = writer.seed};
  Decoder decoder = open_decoder(model, prompts, options, {.threads = writer.threads}, progress);
  const std::string learned = training_text(writer);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    const std::vector<GeneratedText> texts =
        generate(model, decoder, {.prompt = prompts[i].tokens, .number = i, .options = options}, progress);
    if (i == 0) found.sample = prompts[i].text + texts.at(0).text;
    found.figures.rows.push_back(row_of(prompts[i], texts.at(0), learned));
  }
  return found;
}

}  // namespace enxerto

#include "enxerto/generation/translator.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/generation/beam_search.h"
#include "enxerto/generation/change_scores.h"
#include "enxerto/training/available_memory.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostRows = 64, kMostTokens = 8192;  // of a batch: targets side by side, tokens with padding

/// Sources of one batch, and the numbers of their texts.
struct Sources {
  std::vector<std::size_t> texts;
  std::vector<std::vector<std::int64_t>> tokens;
};

TensorMap padded(const Sources& sources, std::int64_t end) {
  std::size_t longest = 0;
  for (const auto& tokens : sources.tokens) longest = std::max(longest, tokens.size());
  std::vector<std::int64_t> ids, mask;
  for (const auto& tokens : sources.tokens) {
    ids.insert(ids.end(), tokens.begin(), tokens.end());
    ids.resize(ids.size() + longest - tokens.size(), end);
    mask.insert(mask.end(), tokens.size(), 1);
    mask.resize(ids.size(), 0);
  }
  const Shape shape{static_cast<std::int64_t>(sources.tokens.size()), static_cast<std::int64_t>(longest)};
  TensorMap inputs;
  inputs.set("input_ids", Tensor::of<std::int64_t>(shape, ids));
  inputs.set(kTokenMask, Tensor::of<std::int64_t>(shape, mask));
  return inputs;
}

/// Rows of the next step.
struct NextRows {
  std::vector<std::int64_t> words;
  std::vector<std::int32_t> from, source;
  void add(std::int64_t word, std::size_t row, std::size_t of) {
    words.push_back(word);
    from.push_back(static_cast<std::int32_t>(row));
    source.push_back(static_cast<std::int32_t>(of));
  }
};

/// One target that is being written: greedily, or with beams.
class Target {
 public:
  Target(const TranslationNetwork& network, const GenerationOptions& options, std::int64_t most)
      : network_(network), options_(options), most_(most) {
    if (options.beams > 1)
      search_.emplace(SearchRules{.options = options,
                                  .prompt = {&network.begin, 1},
                                  .most = most,
                                  .ends = {&network.end, 1},
                                  .never = network.never,
                                  .forced_end = network.forced_end});
    else
      tokens_ = {network.begin};
  }

  /// `scores` (rows, words) are this target's, the first of them row `first` of the step. Adds those that go on.
  void step(std::span<const float> scores, std::size_t first, std::int64_t length, std::size_t number, NextRows& next) {
    if (search_) return search_step(scores, first, length, number, next);
    std::vector<float> row(scores.begin(), scores.end());
    change_scores(row, options_,
                  {.tokens = tokens_,
                   .prompt = 1,
                   .ends = {&network_.end, 1},
                   .never = network_.never,
                   .forced = length == most_ ? network_.forced_end : std::nullopt});
    const std::int64_t word = std::ranges::max_element(row) - row.begin();
    ended_ = word == network_.end;
    if (ended_) return;
    tokens_.push_back(word);
    if (length < most_) next.add(word, first, number);
  }

  void finish(Translation& translation) const {
    std::vector<std::int64_t> tokens;
    bool ended = ended_;
    if (search_) {
      const std::vector<FinishedBeam> best = search_->best();
      if (!best.empty()) {
        tokens = best.front().tokens;
        translation.score = best.front().score;
      }
      ended = !tokens.empty() && tokens.back() == network_.end;
      if (ended) tokens.pop_back();
    } else {
      tokens.assign(tokens_.begin() + 1, tokens_.end());
    }
    translation.ended = ended;
    translation.text = network_.target->decode(tokens);
    translation.tokens = std::move(tokens);
  }

 private:
  void search_step(std::span<const float> scores, std::size_t first, std::int64_t length, std::size_t number,
                   NextRows& next) {
    std::vector<std::int32_t> rows(to_size(options_.beams), 0);
    if (length > 1) std::iota(rows.begin(), rows.end(), 0);
    if (!search_->step(scores, rows, length) || length == most_) return;
    const std::vector<std::int64_t> last = search_->last_tokens();
    for (std::size_t i = 0; i < last.size(); ++i)
      next.add(last[i], first + to_size(rows[to_size(search_->from()[i])]), number);
  }

  const TranslationNetwork& network_;
  const GenerationOptions& options_;
  std::int64_t most_;
  std::optional<BeamSearch> search_;
  std::vector<std::int64_t> tokens_;
  bool ended_ = false;
};

void refuse_idle(const GenerationOptions& options) {
  check(options);
  if (options.temperature > 0 || options.samples > 1 || !options.stop.empty())
    throw usage_error("translation", "tokens that are drawn, several samples or stop texts",
                      "the most probable translation, greedily or with beams", "leave them out");
}

/// Texts of like length together, the longest first.
std::vector<Sources> batches_of(std::vector<std::vector<std::int64_t>> tokens, std::size_t most) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (!tokens[i].empty()) order.push_back(i);
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return tokens[i].size(); });
  std::vector<Sources> batches;
  for (const std::size_t i : order) {
    const bool full =
        !batches.empty() && (batches.back().texts.size() >= most ||
                             (batches.back().texts.size() + 1) * batches.back().tokens.front().size() > kMostTokens);
    if (batches.empty() || full) batches.emplace_back();
    batches.back().texts.push_back(i);
    batches.back().tokens.push_back(std::move(tokens[i]));
  }
  return batches;
}

/// All targets of one batch, word by word.
void write_targets(const TranslationNetwork& network, TranslationDecoder& decoder, const Sources& sources,
                   const GenerationOptions& options, std::span<Translation> translations, Progress& progress) {
  const std::int64_t most = std::min(options.max_new_tokens, network.longest);
  std::vector<Target> targets;
  NextRows rows;
  for (std::size_t i = 0; i < sources.texts.size(); ++i) {
    targets.emplace_back(network, options, most);
    rows.add(network.begin, i, i);
  }
  decoder.begin(padded(sources, network.end_of_source()));
  for (std::int64_t length = 1; length <= most && !rows.words.empty(); ++length) {
    throw_if_cancelled(progress);
    const Tensor scores = decoder.step(rows.words, rows.from, rows.source);
    const auto width = to_size(decoder.words());
    NextRows next;
    for (std::size_t first = 0; first < rows.source.size();) {
      std::size_t end = first;
      while (end < rows.source.size() && rows.source[end] == rows.source[first]) ++end;
      const auto number = to_size(rows.source[first]);
      targets[number].step(scores.as<float>().subspan(first * width, (end - first) * width), first, length, number,
                           next);
      first = end;
    }
    rows = std::move(next);
  }
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i].finish(translations[sources.texts[i]]);
  progress.advance(static_cast<std::int64_t>(targets.size()));
}

/// What one text takes, if its translation is as long as it may be.
struct OneText {
  std::uint64_t bytes = 0;
  std::int64_t beams = 1, words = 0;
};

/// How many may be written side by side.
std::size_t texts_at_once(const OneText& text, std::uint64_t there) {
  if (text.bytes > there)
    throw Error(
        ErrorKind::memory,
        {.where = "translation",
         .found = fmt::format("{} for a text of up to {} with {}, and {} are available", format_bytes(text.bytes),
                              counted(static_cast<std::uint64_t>(text.words), "token"),
                              counted(static_cast<std::uint64_t>(text.beams), "beam"), format_bytes(there)),
         .expected = "memory for one text at least",
         .tip = "fewer --beams or --max-new-tokens"});
  const std::size_t rows = std::max<std::size_t>(kMostRows / to_size(text.beams), 1);
  return static_cast<std::size_t>(std::min<std::uint64_t>(rows, there / std::max<std::uint64_t>(text.bytes, 1)));
}

}  // namespace

Translator::Translator(TranslationNetwork network, const ExecutorOptions& options, std::optional<std::uint64_t> memory)
    : network_(std::move(network)), decoder_(translation_parts(network_.graph), options), memory_(memory) {}

std::vector<Translation> Translator::translate(std::span<const std::string> texts, const GenerationOptions& options,
                                               std::string_view where, Progress& progress) {
  refuse_idle(options);
  require_beams(options.beams, decoder_.words());
  std::vector<Translation> translations(texts.size());
  std::vector<std::vector<std::int64_t>> tokens(texts.size());
  std::size_t longest = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].find_first_not_of(" \t\r\n") == std::string::npos) continue;
    tokens[i] = network_.source->encode(texts[i], fmt::format("{}:{}", where, i + 1));
    Translation& translation = translations[i];
    translation.unknown = static_cast<std::size_t>(std::ranges::count(tokens[i], network_.source->unknown()));
    const std::size_t most = to_size(network_.longest) - 1;
    if (tokens[i].size() > most) {
      translation.cut = tokens[i].size() - most;
      tokens[i].resize(most);
    }
    tokens[i].push_back(network_.end_of_source());
    translation.source_tokens = tokens[i].size();
    longest = std::max(longest, tokens[i].size());
  }
  const std::int64_t most = std::min(options.max_new_tokens, network_.longest);
  const OneText one{.bytes = decoder_.bytes_kept(most, static_cast<std::int64_t>(longest), options.beams),
                    .beams = options.beams,
                    .words = most};
  const std::size_t together = texts_at_once(one, memory_ ? *memory_ : available_memory());
  for (const Sources& sources : batches_of(std::move(tokens), together))
    write_targets(network_, decoder_, sources, options, translations, progress);
  return translations;
}

}  // namespace enxerto

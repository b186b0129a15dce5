#include "enxerto/generation/generate.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"
#include "enxerto/generation/beam_search.h"
#include "enxerto/generation/change_scores.h"
#include "enxerto/generation/stop_texts.h"
#include "enxerto/media/text/decode_stream.h"

namespace enxerto {
namespace {

/// The token whose share of [0, 1) `number` falls into.
std::int64_t drawn(std::span<const float> scores, double number) {
  const std::vector<double> shares = probabilities_of(scores);
  std::size_t last = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] <= 0) continue;
    last = i;
    number -= shares[i];
    if (number < 0) break;
  }
  return static_cast<std::int64_t>(last);
}

/// A text that is being written.
class Writing {
 public:
  Writing(const LanguageModel& model, const GenerationRequest& request, std::size_t sample)
      : model_(model),
        request_(request),
        sample_(sample),
        tokens_(request.prompt.begin(), request.prompt.end()),
        most_(longest_text(model, request.prompt.size(), request.options, "prompt")),
        stream_(model.tokenizer, request.prompt) {}

  std::span<const std::int64_t> tokens() const { return tokens_; }

  std::int64_t choose(std::span<float> scores) const {
    const GenerationOptions& options = request_.options;
    change_scores(scores, options, {.tokens = tokens_, .prompt = request_.prompt.size(), .ends = model_.ends});
    if (options.temperature == 0) return std::ranges::max_element(scores) - scores.begin();
    Rng random({.seed = options.seed,
                .epoch = request_.number,
                .example = sample_ << 32U | tokens_.size(),
                .purpose = "token"});
    return drawn(scores, random.uniform());
  }

  /// False where the text ends with it.
  bool add(std::int64_t token) {
    tokens_.push_back(token);
    found_.tokens.push_back(token);
    if (std::ranges::find(model_.ends, token) != model_.ends.end()) {
      reason_ = EndReason::end_token;
      return false;
    }
    return read(stream_.add(token)) && std::cmp_less(tokens_.size(), most_);
  }

  GeneratedText finish() {
    if (reason_ != EndReason::stop_text) (void)read(stream_.rest());
    const bool all = std::cmp_greater_equal(found_.tokens.size(), request_.options.max_new_tokens);
    found_.reason = reason_.value_or(all ? EndReason::max_new_tokens : EndReason::context);
    show(found_.text.size());
    return std::move(found_);
  }

 private:
  bool read(const std::string& more) {
    const std::size_t known = found_.text.size();
    found_.text += more;
    const std::optional<StopPlace> place = find_stop(found_.text, request_.options.stop, known);
    if (place) {
      found_.text.resize(place->begin);
      found_.stop = place->stop;
      reason_ = EndReason::stop_text;
    }
    show(found_.text.size() - (place ? 0 : held_back(found_.text, request_.options.stop)));
    return !place;
  }

  void show(std::size_t end) {
    if (!request_.written || end <= shown_) return;
    request_.written(std::string_view(found_.text).substr(shown_, end - shown_));
    shown_ = end;
  }

  const LanguageModel& model_;
  const GenerationRequest& request_;
  std::size_t sample_;
  std::vector<std::int64_t> tokens_;
  std::int64_t most_;  // tokens, those of the prompt among them
  DecodeStream stream_;
  GeneratedText found_ = {.tokens = {}, .text = {}};
  std::optional<EndReason> reason_;
  std::size_t shown_ = 0;
};

/// Texts side by side; those that have ended are left out of the next step.
class SideBySide {
 public:
  SideBySide(const LanguageModel& model, Decoder& decoder, std::span<const GenerationRequest> requests)
      : context_(requests[0].options.slide ? model.context : 0), decoder_(decoder) {
    for (std::size_t prompt = 0; prompt < requests.size(); ++prompt)
      for (std::size_t i = 0; i < to_size(requests[prompt].options.samples); ++i) {
        texts_.emplace_back(model, requests[prompt], i);
        rows_.push_back(static_cast<std::int32_t>(prompt));
      }
    running_.resize(texts_.size());
    std::iota(running_.begin(), running_.end(), std::size_t{0});
    read_prompts(requests);
  }

  bool running() const { return !running_.empty(); }

  /// Chooses a token for each, and reads those that go on.
  void step() {
    const auto words = to_size(decoder_.words());
    std::vector<std::size_t> left;
    std::vector<std::int32_t> from;
    std::vector<std::int64_t> chosen;
    for (std::size_t i = 0; i < running_.size(); ++i) {
      std::vector<float> row(scores_.begin() + static_cast<std::ptrdiff_t>(to_size(rows_[i]) * words),
                             scores_.begin() + static_cast<std::ptrdiff_t>((to_size(rows_[i]) + 1) * words));
      const std::int64_t token = texts_[running_[i]].choose(row);
      if (!texts_[running_[i]].add(token)) continue;
      left.push_back(running_[i]);
      from.push_back(rows_[i]);
      chosen.push_back(token);
    }
    running_ = std::move(left);
    if (running_.empty()) return;
    const Tensor scores = is_full() ? read_again() : decoder_.read(chosen, from);
    scores_.assign(scores.as<float>().begin(), scores.as<float>().end());
    rows_.resize(running_.size());
    std::iota(rows_.begin(), rows_.end(), 0);
  }

  std::vector<GeneratedText> finish() {
    std::vector<GeneratedText> found;
    for (Writing& text : texts_) found.push_back(text.finish());
    return found;
  }

 private:
  /// Filled up in front, so that all end together.
  void read_prompts(std::span<const GenerationRequest> requests) {
    std::size_t longest = 0;
    for (const GenerationRequest& request : requests) longest = std::max(longest, request.prompt.size());
    std::vector<std::int64_t> blanks, tokens;
    for (const GenerationRequest& request : requests) {
      blanks.push_back(static_cast<std::int64_t>(longest - request.prompt.size()));
      tokens.insert(tokens.end(), longest - request.prompt.size(), 0);
      tokens.insert(tokens.end(), request.prompt.begin(), request.prompt.end());
    }
    std::vector<std::int32_t> rows(requests.size());
    std::iota(rows.begin(), rows.end(), 0);
    decoder_.begin(std::move(blanks));
    const Tensor scores = decoder_.read(tokens, rows);
    scores_.assign(scores.as<float>().begin(), scores.as<float>().end());
  }

  bool is_full() const { return context_ > 0 && decoder_.length() >= context_; }

  /// The second half of what the network has positions for, as a new text.
  Tensor read_again() {
    const std::size_t kept = to_size(std::max<std::int64_t>(context_ / 2, 1));
    std::vector<std::int64_t> ends;
    std::vector<std::int32_t> rows;
    for (const std::size_t text : running_) {
      const std::span<const std::int64_t> tokens = texts_[text].tokens();
      ends.insert(ends.end(), tokens.end() - static_cast<std::ptrdiff_t>(kept), tokens.end());
      rows.push_back(static_cast<std::int32_t>(rows.size()));
    }
    decoder_.begin();
    return decoder_.read(ends, rows);
  }

  std::int64_t context_;  // of a network whose texts go on behind it; else 0
  Decoder& decoder_;
  std::vector<Writing> texts_;
  std::vector<std::size_t> running_;  // numbers of texts
  std::vector<std::int32_t> rows_;    // the row of the last step that each of them has
  std::vector<float> scores_;
};

/// As texts, with what ended each.
std::vector<GeneratedText> texts_of(const LanguageModel& model, const GenerationRequest& request,
                                    const std::vector<FinishedBeam>& beams) {
  std::vector<GeneratedText> found;
  for (const FinishedBeam& beam : beams) {
    Writing writing(model, request, 0);
    for (const std::int64_t token : beam.tokens)
      if (!writing.add(token)) break;
    found.push_back(writing.finish());
    found.back().score = beam.score;
  }
  return found;
}

}  // namespace

std::int64_t longest_text(const LanguageModel& model, std::size_t prompt, const GenerationOptions& options,
                          std::string_view where) {
  const auto tokens = static_cast<std::int64_t>(prompt);
  if (model.context > 0 && tokens >= model.context)
    throw data_error(std::string(where), fmt::format("a prompt of {} tokens", tokens),
                     fmt::format("at most {}: the network has {} positions", model.context - 1, model.context),
                     "a shorter prompt: its end matters most");
  if (options.slide && model.context == 0)
    throw usage_error("--slide", "no effect: the network reads texts of any length", "", "leave it out");
  const std::int64_t wanted = tokens + options.max_new_tokens;
  return model.context > 0 && !options.slide ? std::min(wanted, model.context) : wanted;
}

std::vector<GeneratedText> generate(const LanguageModel& model, Decoder& decoder, const GenerationRequest& request,
                                    Progress& progress) {
  check(request.options);
  const auto prompt = static_cast<std::int64_t>(request.prompt.size());
  const std::int64_t most = longest_text(model, request.prompt.size(), request.options, "prompt") - prompt;
  GenerationRequest shown = request;
  if (request.options.beams > 1 || request.options.samples > 1) shown.written = {};
  if (request.options.beams > 1) return texts_of(model, shown, beam_search(model, decoder, request, most, progress));
  SideBySide texts(model, decoder, {&shown, 1});
  for (; texts.running(); progress.advance(1)) {
    throw_if_cancelled(progress);
    texts.step();
  }
  return texts.finish();
}

std::size_t prompts_at_once(const GenerationOptions& options, std::size_t prompts) {
  constexpr std::size_t kRows = 16;  // beyond, a step of a small network costs as much more as it has rows more
  if (options.beams > 1 || options.slide) return 1;
  return std::clamp<std::size_t>(kRows / to_size(options.samples), 1, std::max<std::size_t>(prompts, 1));
}

std::vector<std::vector<GeneratedText>> generate_all(const LanguageModel& model, Decoder& decoder,
                                                     std::span<const GenerationRequest> requests, Progress& progress) {
  std::vector<std::vector<GeneratedText>> all;
  const std::size_t at_once =
      requests.empty() || !decoder.attends() ? 1 : prompts_at_once(requests[0].options, requests.size());
  for (std::size_t first = 0; first < requests.size(); first += at_once) {
    const std::span<const GenerationRequest> some = requests.subspan(first, std::min(at_once, requests.size() - first));
    if (some.size() == 1) {
      all.push_back(generate(model, decoder, some[0], progress));
      continue;
    }
    check(some[0].options);
    SideBySide texts(model, decoder, some);
    for (; texts.running(); progress.advance(1)) {
      throw_if_cancelled(progress);
      texts.step();
    }
    std::vector<GeneratedText> found = texts.finish();
    for (auto text = found.begin(); text != found.end(); text += some[0].options.samples)
      all.emplace_back(std::make_move_iterator(text), std::make_move_iterator(text + some[0].options.samples));
  }
  return all;
}

}  // namespace enxerto

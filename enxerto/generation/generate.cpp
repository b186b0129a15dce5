#include "enxerto/generation/generate.h"

#include <algorithm>
#include <cmath>
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
    return read(stream_.add(token));
  }

  GeneratedText finish(EndReason otherwise) {
    if (reason_ != EndReason::stop_text) (void)read(stream_.rest());
    found_.reason = reason_.value_or(otherwise);
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
  DecodeStream stream_;
  GeneratedText found_ = {.tokens = {}, .text = {}};
  std::optional<EndReason> reason_;
  std::size_t shown_ = 0;
};

/// Texts side by side; those that have ended are left out of the next step.
class SideBySide {
 public:
  SideBySide(const LanguageModel& model, Decoder& decoder, const GenerationRequest& request)
      : context_(request.options.slide ? model.context : 0), decoder_(decoder) {
    for (std::size_t i = 0; i < to_size(request.options.samples); ++i) texts_.emplace_back(model, request, i);
    running_.resize(texts_.size());
    std::iota(running_.begin(), running_.end(), std::size_t{0});
    decoder_.begin();
    const Tensor scores = decoder_.read(request.prompt, std::vector<std::int32_t>{0});
    rows_.assign(running_.size(), 0);
    scores_.assign(scores.as<float>().begin(), scores.as<float>().end());
  }

  bool running() const { return !running_.empty(); }

  /// Chooses a token for each, and reads those that go on where `further`.
  void step(bool further) {
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
    if (!further || running_.empty()) return;
    const Tensor scores = is_full() ? read_again() : decoder_.read(chosen, from);
    scores_.assign(scores.as<float>().begin(), scores.as<float>().end());
    rows_.resize(running_.size());
    std::iota(rows_.begin(), rows_.end(), 0);
  }

  std::vector<GeneratedText> finish(EndReason otherwise) {
    std::vector<GeneratedText> found;
    for (Writing& text : texts_) found.push_back(text.finish(otherwise));
    return found;
  }

 private:
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
                                    const std::vector<FinishedBeam>& beams, EndReason otherwise) {
  std::vector<GeneratedText> found;
  for (const FinishedBeam& beam : beams) {
    Writing writing(model, request, 0);
    for (const std::int64_t token : beam.tokens)
      if (!writing.add(token)) break;
    found.push_back(writing.finish(otherwise));
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
  const EndReason otherwise = most < request.options.max_new_tokens ? EndReason::context : EndReason::max_new_tokens;
  if (request.options.beams > 1) {
    GenerationRequest quiet = request;
    quiet.written = {};
    return texts_of(model, quiet, beam_search(model, decoder, request, most, progress), otherwise);
  }
  GenerationRequest shown = request;
  if (request.options.samples > 1) shown.written = {};
  SideBySide texts(model, decoder, shown);
  for (std::int64_t i = 0; i < most && texts.running(); ++i) {
    throw_if_cancelled(progress);
    texts.step(i + 1 < most);
    progress.advance(1);
  }
  return texts.finish(otherwise);
}

}  // namespace enxerto

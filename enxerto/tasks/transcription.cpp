#include "enxerto/tasks/transcription.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/metrics/edit_distance.h"
#include "enxerto/tasks/alphabet.h"
#include "enxerto/tasks/batch_row.h"
#include "enxerto/tasks/ctc_texts.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/task_parts.h"
#include "enxerto/tasks/transcript_metric.h"
#include "enxerto/tasks/transcript_notes.h"
#include "enxerto/tasks/word_search.h"

namespace enxerto {
namespace {

constexpr std::string_view kCtc = "ctc";
constexpr std::array<std::string_view, 1> kCtcOutputs{kCtc};

class TranscriptionTask final : public Task {
 public:
  TranscriptionTask(const Transcribing& how, Alphabet alphabet, HeadSpec head, LossSpec loss)
      : how_(how),
        target_(transcript_target()),
        alphabet_(std::move(alphabet)),
        head_(std::move(head)),
        loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return how_.row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }
  std::int64_t width() const override { return static_cast<std::int64_t>(alphabet_.width()); }

  std::vector<std::string> units() const override {
    std::vector<std::string> units{""};
    units.insert(units.end(), alphabet_.texts().begin(), alphabet_.texts().end());
    return units;
  }

  /// Labels for the loss, characters for the figures.
  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    if (target.dtype() != DType::i64 || target.shape().size() != 1 || target.size() == 0)
      throw data_error("targets",
                       target.size() == 0 ? "an example of which nothing is known" : to_string(target.shape()),
                       "what is said in it");
    TensorMap map;
    map.set(std::string(kLossLabels), alphabet_.labels_of(target));
    map.set(std::string(kTarget), target);
    return map;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override { return metrics_of_read({}); }

  std::vector<std::unique_ptr<Metric>> metrics_of_read(const ReadingOptions& options) const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<TranscriptMetric>(alphabet_, options, how_.first));
    return metrics;
  }

  std::vector<std::string> reading_notes(const ReadingOptions& options) const override {
    return options.words ? unwritable_words(alphabet_, *options.words->model) : std::vector<std::string>{};
  }

  std::vector<std::string> notes(const TaskParts& parts) const override { return transcript_notes(alphabet_, parts); }

  /// The best transcripts first: one as sure as its labels are, or, of a search, with the probabilities of all
  /// alignments that were followed.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& options) const override {
    const auto probabilities = frames_in(outputs);
    std::vector<Prediction> found;
    for (CtcText& one : ctc_texts(probabilities, alphabet_, options))
      found.push_back(
          {.label = std::move(one.text),
           .score = searches(options) ? std::exp(one.logarithm) : how_.sureness(probabilities, alphabet_.width())});
    return found;
  }

  /// The rate of the errors that the task counts first.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const std::string said = ctc_texts(frames_in(outputs), alphabet_, {}).front().text;
    const std::string right = transcript_text(target);
    const Edits edits =
        how_.first == TranscriptScores::First::words ? word_edits(said, right) : character_edits(said, right);
    return {.error = edits.length == 0 ? 0 : static_cast<double>(edits.edits) / static_cast<double>(edits.length),
            .truth = right,
            .predicted = said.empty() ? "(nothing)" : said};
  }

  std::vector<std::string_view> reading_options() const override { return {"--top", "--beams", "--language-model"}; }

  Json to_json(std::span<const Prediction> found) const override {
    Json top = Json::array();
    for (const Prediction& one : found) top.push_back({{"text", one.label}, {"probability", one.score.value_or(0)}});
    if (found.empty()) return {{"top", std::move(top)}};
    Json answer = top.front();
    answer["top"] = std::move(top);
    return answer;
  }

  TaskWords words() const override { return how_.words(alphabet_.texts().size()); }

  Json record() const override { return {{"names", target_.names}, {"units", alphabet_.texts()}}; }

 private:
  /// (frames * width) of one example.
  std::span<const float> frames_in(const TensorMap& outputs) const {
    const auto values = outputs.at(kHeadProbabilities).as<float>();
    if (values.size() % alphabet_.width() != 0)
      throw data_error("predictions", fmt::format("{} numbers", values.size()),
                       fmt::format("{} a frame", alphabet_.width()));
    return values;
  }

  const Transcribing& how_;
  TargetSpec target_;
  Alphabet alphabet_;
  HeadSpec head_;
  LossSpec loss_;
};

}  // namespace

double best_path_probability(std::span<const float> probabilities, std::size_t width) {
  double sum = 0;
  for (std::size_t at = 0; at + width <= probabilities.size(); at += width)
    sum += std::log(std::max(static_cast<double>(*std::ranges::max_element(probabilities.subspan(at, width))), 1e-30));
  return std::exp(sum);
}

double mean_character_probability(std::span<const float> probabilities, std::size_t width) {
  double sum = 0;
  std::size_t count = 0;
  std::ptrdiff_t before = 0;
  for (std::size_t at = 0; at + width <= probabilities.size(); at += width) {
    const auto frame = probabilities.subspan(at, width);
    const auto best = std::ranges::max_element(frame);
    const std::ptrdiff_t label = best - frame.begin();
    if (label != 0 && label != before) {
      sum += static_cast<double>(*best);
      ++count;
    }
    before = label;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

TaskPtr make_transcription(const Transcribing& how, const TaskData& data, const TaskRequest& asked) {
  HeadSpec head = decided_head(asked.head, kCtc, kCtcOutputs, how.row().title);
  LossSpec loss = decided_loss(asked.loss, kCtc, head.output);
  refuse_balanced(asked.balanced, head.output);
  if (data.features != nullptr && !data.features->mask)
    throw usage_error("backbone", fmt::format("features {}", to_string(data.features->value.shape)),
                      std::string(how.takes), std::string(how.suggested));
  return std::make_shared<TranscriptionTask>(how, Alphabet::of(data.dataset, data.training), std::move(head),
                                             std::move(loss));
}

TaskPtr transcription_from_record(const Transcribing& how, const Json& record, std::string_view where) {
  (void)recorded_target(record, kTranscriptTarget, where);
  return std::make_shared<TranscriptionTask>(
      how, Alphabet(member<std::vector<std::string>>(record, "units", where, ErrorKind::weights)), HeadSpec{},
      LossSpec{});
}

TaskKind transcription_kind() {
  TaskKind kind{};
  kind.exact_solver = [](const HeadSpec&, const LossSpec&) {
    return ExactChoice{.solver = nullptr, .obstacle = "characters whose places are not known"};
  };
  kind.exported = "character_probabilities";
  kind.pool = "none";
  kind.output = kCtc;
  kind.data_kind = kTranscriptTarget;
  return kind;
}

}  // namespace enxerto

#include "enxerto/tasks/speech_recognition.h"

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

const TaskKind& speech_recognition_row() {
  static const TaskKind kind = speech_recognition_task();
  return kind;
}

class SpeechRecognition final : public Task {
 public:
  SpeechRecognition(Alphabet alphabet, HeadSpec head, LossSpec loss)
      : target_(transcript_target()), alphabet_(std::move(alphabet)), head_(std::move(head)), loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return speech_recognition_row(); }
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
                       target.size() == 0 ? "a recording of which nothing is known" : to_string(target.shape()),
                       "what is said in it");
    TensorMap map;
    map.set(std::string(kLossLabels), alphabet_.labels_of(target));
    map.set(std::string(kTarget), target);
    return map;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override { return metrics_of_read({}); }

  std::vector<std::unique_ptr<Metric>> metrics_of_read(const ReadingOptions& options) const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<TranscriptMetric>(alphabet_, options));
    return metrics;
  }

  std::vector<std::string> reading_notes(const ReadingOptions& options) const override {
    return options.words ? unwritable_words(alphabet_, *options.words->model) : std::vector<std::string>{};
  }

  std::vector<std::string> notes(const TaskParts& parts) const override { return transcript_notes(alphabet_, parts); }

  /// The best transcripts first, with their probabilities.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& options) const override {
    std::vector<Prediction> found;
    for (CtcText& one : ctc_texts(frames_in(outputs), alphabet_, options))
      found.push_back({.label = std::move(one.text), .score = std::exp(one.logarithm)});
    return found;
  }

  /// The word error rate.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const std::string said = ctc_texts(frames_in(outputs), alphabet_, {}).front().text;
    const std::string right = transcript_text(target);
    const Edits words = word_edits(said, right);
    const auto rate = [](const Edits& edits) {
      return edits.length == 0 ? 0 : static_cast<double>(edits.edits) / static_cast<double>(edits.length);
    };
    return {.error = rate(words), .truth = right, .predicted = said.empty() ? "(nothing)" : said};
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

  TaskWords words() const override {
    return {.purpose = fmt::format("It writes what is said in recordings, with {} characters. What it gives: ",
                                   alphabet_.texts().size()),
            .use = "what is said, and the probability of that",
            .details = "Word and character error rates are those of jiwer.",
            .limits =
                "It writes the characters of its training transcripts alone, and always as if somebody spoke as they "
                "did: other voices, words, noises and microphones make it worse."};
  }

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

  TargetSpec target_;
  Alphabet alphabet_;
  HeadSpec head_;
  LossSpec loss_;
};

TaskPtr make_speech_recognition(const TaskData& data, const TaskRequest& asked) {
  HeadSpec head = decided_head(asked.head, kCtc, kCtcOutputs, speech_recognition_row().title);
  LossSpec loss = decided_loss(asked.loss, kCtc, head.output);
  refuse_balanced(asked.balanced, head.output);
  if (data.features != nullptr && !data.features->mask)
    throw usage_error("backbone", fmt::format("features {}", to_string(data.features->value.shape)),
                      "a network that follows recordings of any length, frame by frame", "speech_lstm");
  return std::make_shared<SpeechRecognition>(Alphabet::of(data.dataset, data.training), std::move(head),
                                             std::move(loss));
}

TaskPtr speech_recognition_from_record(const Json& record, std::string_view where) {
  (void)recorded_target(record, kTranscriptTarget, where);
  return std::make_shared<SpeechRecognition>(
      Alphabet(member<std::vector<std::string>>(record, "units", where, ErrorKind::weights)), HeadSpec{}, LossSpec{});
}

}  // namespace

TaskKind speech_recognition_task() {
  return {.name = "speech_recognition",
          .title = "speech recognition",
          .monitor = "wer",
          .former_names = {},
          .fits = [](const DatasetInfo& info) { return info.target.kind == kTranscriptTarget; },
          .exact_solver =
              [](const HeadSpec&, const LossSpec&) {
                return ExactChoice{.solver = nullptr, .obstacle = "characters whose places are not known"};
              },
          .make = make_speech_recognition,
          .from_record = speech_recognition_from_record,
          .exported = "character_probabilities",
          .pool = "none",
          .data_kind = kTranscriptTarget};
}

}  // namespace enxerto

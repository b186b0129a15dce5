#include "enxerto/tasks/writing_task.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/written_words_head.h"
#include "enxerto/metrics/perplexity.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/text_surprise.h"

namespace enxerto {
namespace {

constexpr std::size_t kFactsOfText = 3;  // of a target: see `kTranslationTarget`

class WritingTask final : public Task {
 public:
  WritingTask(WritingKind kind, HeadSpec head, LossSpec loss)
      : kind_(std::move(kind)), target_(kind_.target()), head_(std::move(head)), loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return kind_.row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }

  /// Label smoothing takes one number more.
  std::int64_t width() const override { return kWrittenAnswer + (loss_.label_smoothing > 0 ? 1 : 0); }

  /// The loss needs none: the words are inputs. Metrics do.
  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    return facts_as_targets(target, kFactsOfText);
  }

  /// The words that count.
  double weight(const TensorMap& batch, std::int64_t examples) const override {
    const Tensor* const labels = batch.find(std::string(kWordLabels));
    if (labels == nullptr) return static_cast<double>(examples);
    const auto words = std::ranges::count_if(labels->as<std::int64_t>(), [](std::int64_t word) { return word >= 0; });
    return std::max(static_cast<double>(words), 1.0);
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<Perplexity>());
    return metrics;
  }

  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& /*options*/) const override {
    return predictions_of(text_surprise(outputs, kWrittenAnswer));
  }

  /// The less probable what was to be written, the worse.
  Judged judge(const TensorMap& outputs, const Tensor& /*target*/) const override {
    return judged(text_surprise(outputs, kWrittenAnswer));
  }

  double scale_of(const Tensor& output) const override { return largest_magnitude(output); }

  Json to_json(std::span<const Prediction> found) const override { return values_json(found); }

  TaskWords words() const override { return kind_.words; }

  Json record() const override { return {{"names", target_.names}}; }

 private:
  WritingKind kind_;
  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
};

Blueprint comparing_head(const HeadSpec& /*spec*/, const HeadPlace& place, std::int64_t units) {
  return written_words_head(place.features, std::max(units, kWrittenAnswer));
}

}  // namespace

TaskPtr writing_task(const WritingKind& kind, HeadSpec head, LossSpec loss) {
  return std::make_shared<WritingTask>(kind, std::move(head), std::move(loss));
}

TaskPtr made_writing_task(const WritingKind& kind, const TaskRequest& asked) {
  if (!asked.head.hidden.empty() || asked.head.dropout > 0 || asked.head.batch_norm)
    throw usage_error("head", "layers or dropout behind the scores of words", "none: the network has its own",
                      "block_dropout, in a phase");
  refuse_balanced(asked.balanced, kWrittenWords);
  if (asked.head.output != "auto" && asked.head.output != kWrittenWords)
    throw usage_error("head.output", fmt::format("'{}' for texts that are written", asked.head.output), "auto");
  return writing_task(kind, {.pool = "every token", .output = std::string(kWrittenWords)},
                      decided_loss(asked.loss, kWrittenWords, kWrittenWords));
}

TaskKind writing_task_row() {
  return {.name = {},
          .title = {},
          .monitor = "perplexity",
          .former_names = {},
          .fits = nullptr,
          .exact_solver =
              [](const HeadSpec&, const LossSpec&) {
                return ExactChoice{.solver = nullptr, .obstacle = "a text that is written word by word"};
              },
          .make = nullptr,
          .from_record = nullptr,
          .exported = "surprise_and_tokens",
          .also_exported = kNextWords,
          .make_head = comparing_head,
          .writes = true,
          .tuned_from = "decoder0"};
}

}  // namespace enxerto

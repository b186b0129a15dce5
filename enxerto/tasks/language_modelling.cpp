#include "enxerto/tasks/language_modelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/metrics/perplexity.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/text_surprise.h"

namespace enxerto {
namespace {

constexpr std::string_view kNextToken = "next_token";
constexpr std::size_t kFacts = 3;  // of a target: bytes, surprise by unigrams, tokens

const TaskKind& language_modelling_row() {
  static const TaskKind kind = language_modelling_task();
  return kind;
}

class LanguageModelling final : public Task {
 public:
  LanguageModelling(HeadSpec head, LossSpec loss)
      : target_(text_target()), head_(std::move(head)), loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return language_modelling_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }
  std::int64_t width() const override { return kNextTokenAnswer; }

  /// The loss needs none: the tokens are what is foretold. Metrics do.
  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    return facts_as_targets(target, kFacts);
  }

  double weight(const TensorMap& batch, std::int64_t examples) const override {
    const Tensor* const facts = batch.find(std::string(kLossTarget));
    if (facts == nullptr) return static_cast<double>(examples);
    double tokens = 0;
    for (std::size_t i = kFacts - 1; i < facts->size(); i += kFacts)
      tokens += static_cast<double>(facts->as<float>()[i]);
    return std::max(tokens, 1.0);
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<Perplexity>());
    return metrics;
  }

  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& /*options*/) const override {
    return predictions_of(text_surprise(outputs, kNextTokenAnswer));
  }

  /// The more surprising, the worse.
  Judged judge(const TensorMap& outputs, const Tensor& /*target*/) const override {
    return judged(text_surprise(outputs, kNextTokenAnswer));
  }

  double scale_of(const Tensor& output) const override { return largest_magnitude(output); }

  Json to_json(std::span<const Prediction> found) const override { return values_json(found); }

  TaskWords words() const override {
    return {
        .purpose = "It says how probable a text is, by two figures: ",
        .use = "perplexity, bits per token, and the number of tokens that were predicted",
        .details =
            "Perplexity and bits per byte, next to those of predicting by token frequency alone, are in report.html.",
        .limits = "It rates texts by their likeness to those that it has learned from, whether or not they are true."};
  }

  Json record() const override { return {{"names", target_.names}}; }

 private:
  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
};

void refuse_layers(const HeadSpec& asked) {
  if (asked.hidden.empty() && asked.dropout == 0 && !asked.batch_norm) return;
  throw usage_error("head", "layers or dropout before the output of a language model",
                    "none: the head is its word vectors", "recurrent_dropout, in a phase");
}

TaskPtr make_language_modelling(const TaskData& /*data*/, const TaskRequest& asked) {
  refuse_layers(asked.head);
  refuse_balanced(asked.balanced, kNextToken);
  if (asked.head.output != "auto" && asked.head.output != kNextToken)
    throw usage_error("head.output", fmt::format("'{}' for a language model", asked.head.output), "auto");
  const HeadSpec head{.pool = "every token", .output = std::string(kNextToken)};
  return std::make_shared<LanguageModelling>(head, decided_loss(asked.loss, kNextToken, kNextToken));
}

TaskPtr language_modelling_from_record(const Json& record, std::string_view where) {
  (void)recorded_target(record, kTextTarget, where);
  return std::make_shared<LanguageModelling>(HeadSpec{}, LossSpec{});
}

Blueprint foretelling_head(const HeadSpec& /*spec*/, const HeadPlace& place, std::int64_t /*units*/) {
  return language_model_head(place.network, place.features);
}

}  // namespace

TaskKind language_modelling_task() {
  return {.name = "language_modelling",
          .title = "language modelling",
          .monitor = "perplexity",
          .former_names = {},
          .fits = [](const DatasetInfo& info) { return info.target.kind == kTextTarget; },
          .exact_solver =
              [](const HeadSpec&, const LossSpec&) {
                return ExactChoice{.solver = nullptr, .obstacle = "the output layer of a language model"};
              },
          .make = make_language_modelling,
          .from_record = language_modelling_from_record,
          .exported = "surprise_and_tokens",
          .also_exported = kNextWords,
          .data_kind = kTextTarget,
          .make_head = foretelling_head,
          .foretells = true};
}

}  // namespace enxerto

#include "enxerto/tasks/verification.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/metrics/verification_scores.h"
#include "enxerto/tasks/settling.h"
#include "enxerto/tasks/vectors.h"

namespace enxerto {
namespace {

const TaskKind& verification_row() {
  static const TaskKind kind = verification_task();
  return kind;
}

class Verification final : public VectorTask {
 public:
  using VectorTask::VectorTask;

  const TaskKind& kind() const override { return verification_row(); }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<VerificationScores>(settings()));
    return metrics;
  }

  std::unique_ptr<Settling> settling() const override;
  std::optional<double> decides_from() const override { return facts().threshold; }

  /// Of one example alone nothing can be said: its vector is what it is compared by.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& /*options*/) const override {
    (void)vector_of(outputs);
    return {};
  }
  Judged judge(const TensorMap& /*outputs*/, const Tensor& /*target*/) const override { return {}; }
  std::vector<std::string_view> reading_options() const override { return {"--threshold"}; }
  Json to_json(std::span<const Prediction> /*found*/) const override { return Json::object(); }

  TaskWords words() const override {
    return {.purpose =
                "It says whether two examples are of one identity, seen before or not, by the cosine of their "
                "vectors",
            .use = "same or different, and the cosine",
            .details = "Thresholds for wanted rates of false accepts are in report.html.",
            .limits =
                "The threshold is that of the examples it was set by: set it by your own. Vectors of people are "
                "personal data."};
  }
};

/// The lowest threshold that accepts no more of the pairs of two identities than is wanted.
class VerificationSettling final : public Settling {
 public:
  explicit VerificationSettling(VectorFacts facts) : facts_(std::move(facts)) {}

  void update(const TensorMap& outputs, const TensorMap& targets) override { scores_.update(outputs, targets); }

  std::shared_ptr<const Task> settled() const override {
    VectorFacts facts = facts_;
    facts.threshold = point().threshold;
    return std::make_shared<Verification>(std::move(facts));
  }

  std::string words() const override {
    const OperatingPoint at = point();
    return fmt::format(
        "two are the same from a cosine of {:.4f} on: {} of the training pairs of two identities are "
        "accepted then ({} wanted), {} of those of one{}",
        at.threshold, percent(at.false_accept_rate), percent(facts_.false_accept_rate), percent(at.true_accept_rate),
        too_few_for(facts_.false_accept_rate, PairCurve(scores_.sorted_pairs()).impostors(), "pairs"));
  }

 private:
  OperatingPoint point() const {
    const PairCurve curve(scores_.sorted_pairs());
    if (curve.genuine() < 1 || curve.impostors() < 1)
      throw data_error(
          "training data",
          fmt::format("{} of one identity and {} of two", counted(static_cast<std::uint64_t>(curve.genuine()), "pair"),
                      format_count(static_cast<std::uint64_t>(curve.impostors()))),
          "pairs of both kinds to set a threshold by",
          "at least two identities with two examples each, or a smaller test_split");
    OperatingPoint point = curve.at_false_accept_rate(facts_.false_accept_rate);
    if (std::isfinite(point.threshold)) return point;
    // The highest score is one of two identities: what is above it accepts nobody.
    const float highest = static_cast<float>(curve.points().at(1).threshold);
    point.threshold = static_cast<double>(std::nextafter(highest, std::numeric_limits<float>::infinity()));
    return point;
  }

  VectorFacts facts_;
  VerificationScores scores_;
};

std::unique_ptr<Settling> Verification::settling() const { return std::make_unique<VerificationSettling>(facts()); }

}  // namespace

TaskKind verification_task() {
  return {.name = "verification",
          .title = "verification",
          .monitor = "eer",
          .former_names = {},
          .fits = [](const DatasetInfo& info) { return info.target.kind == kIdentityTarget; },
          .exact_solver = exact_vectors,
          .make = [](const TaskData& data, const TaskRequest& asked) -> TaskPtr {
            return std::make_shared<Verification>(vector_facts(data, asked, verification_row().title));
          },
          .from_record = [](const Json& record, std::string_view where) -> TaskPtr {
            return std::make_shared<Verification>(recorded_vector_facts(record, kIdentityTarget, where));
          },
          .exported = "vectors",
          .data_kind = kIdentityTarget,
          .decides = true,
          .of_pairs = true,
          .of_strangers = true};
}

}  // namespace enxerto

#include "enxerto/transfer/further_figures.h"

#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/transfer/run_phase.h"

namespace enxerto {
namespace {

/// Figures that are found otherwise than from outputs; none where they are not of what was evaluated since `reset`.
class GivenFigures final : public Metric {
 public:
  explicit GivenFigures(std::shared_ptr<const FurtherFigures> figures) : figures_(std::move(figures)) {}

  void update(const TensorMap& /*outputs*/, const TensorMap& /*targets*/) override {}
  void report(MetricsReport& report) const override {
    for (MetricValue value : figures_->latest.values) {
      if (figures_->measured == before_) value.value = std::numeric_limits<double>::quiet_NaN();
      report.values.push_back(std::move(value));
    }
  }
  void reset() override { before_ = figures_->measured; }

 private:
  std::shared_ptr<const FurtherFigures> figures_;
  std::size_t before_ = 0;
};

}  // namespace

std::vector<std::unique_ptr<Metric>> phase_metrics(const PhaseContext& context) {
  std::vector<std::unique_ptr<Metric>> metrics = context.task->metrics();
  if (context.further != nullptr) metrics.push_back(std::make_unique<GivenFigures>(context.further));
  return metrics;
}

std::function<void(const StateDict&)> further_judge(const PhaseContext& context, const Graph& network,
                                                    const Phase& phase, std::string_view where) {
  constexpr std::string_view kOfValidation = "val_";
  const std::string& monitor = phase.early_stopping.monitor;
  if (context.further == nullptr || !monitor.starts_with(kOfValidation) ||
      context.further->latest.find(monitor.substr(kOfValidation.size())) == nullptr)
    return {};
  if (phase.lora_rank > 0)
    throw usage_error(fmt::format("{}: monitor", where), fmt::format("'{}' where LoRA is trained", monitor),
                      "a figure of the outputs", "val_loss");
  return [figures = context.further, network](const StateDict& weights) {
    figures->latest = figures->measure(with_parameters(network, weights));
    ++figures->measured;
  };
}

}  // namespace enxerto

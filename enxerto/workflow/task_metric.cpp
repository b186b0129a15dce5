#include "enxerto/workflow/task_metric.h"

#include <string>

#include "enxerto/tasks/task_metrics.h"

namespace enxerto {
namespace {

/// Outputs of a trained graph: the loss, the logits, the probabilities.
constexpr std::size_t kProbabilities = 2;

/// The figure by which a task tells its best epoch, over all validation examples.
class TaskMetric final : public BatchMetric {
 public:
  TaskMetric(const Task& task, std::size_t width)
      : name_(task.monitor), metrics_(task, width, std::vector<double>(width, 0.0)) {}
  std::string name() const override { return name_; }
  void update(std::span<const Tensor> outputs, const Tensor& targets) override {
    metrics_.update(outputs[kProbabilities], targets);
  }
  double value() const override { return monitored(metrics_.value()); }
  void reset() override { metrics_.reset(); }

 private:
  std::string name_;
  TaskMetrics metrics_;
};

}  // namespace

std::vector<std::shared_ptr<BatchMetric>> task_metrics(const HeadPlan& plan, std::size_t width) {
  if (plan.task->targets == kClassTarget) return {class_accuracy()};
  return {std::make_shared<TaskMetric>(*plan.task, width)};
}

}  // namespace enxerto

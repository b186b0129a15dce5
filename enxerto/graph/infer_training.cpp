#include <array>

#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

/// Of no file: it stands in losses alone. Scores (batch, frames, classes), labels (batch, most labels) of int64 with -1
/// behind shorter rows, frames of each example (batch) of int64 -> the loss of each example (batch).
std::vector<ValueType> ctc_loss(const Node& node, std::span<const InferInput> inputs) {
  const ValueType &scores = input_type(node, inputs, 0), &labels = input_type(node, inputs, 1),
                  &frames = input_type(node, inputs, 2);
  if (scores.shape.size() != 3) fail_inference(node, to_string(scores.shape), "scores (batch, frames, classes)");
  if (labels.dtype != DType::i64 || labels.shape.size() != 2)
    fail_inference(node, "labels " + to_string(labels.shape), "int64 (batch, labels)");
  if (frames.dtype != DType::i64 || frames.shape.size() != 1)
    fail_inference(node, "lengths " + to_string(frames.shape), "int64 (batch)");
  return {{scores.dtype == DType::f64 ? DType::f64 : DType::f32, {scores.shape.front()}}};
}

constexpr std::array kInferTrainingRows{InferRow{"CtcLoss", ctc_loss}};

}  // namespace

std::span<const InferRow> training_rules() { return kInferTrainingRows; }

}  // namespace enxerto

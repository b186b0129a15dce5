#include "enxerto/pretrained/face_api_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/keras/keras_layout.h"
#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

/// A tensor that a network has and none of those before it in the table.
struct KnownBy {
  FaceNetwork network;
  std::string_view tensor;
};
constexpr std::array kKnownBy{
    KnownBy{FaceNetwork::recognition, "conv256_down_out/conv2/conv/filters"},
    KnownBy{FaceNetwork::landmarks, "dense3/conv3/pointwise_filter"},
    KnownBy{FaceNetwork::landmarks_tiny, "dense2/conv2/pointwise_filter"},
    KnownBy{FaceNetwork::ssd_detector, "Prediction/BoxPredictor_0/BoxEncodingPredictor/weights"},
    KnownBy{FaceNetwork::tiny_detector, "conv5/pointwise_filter"},
};
/// As wide as the points are; face-api's other networks on the same body say an age or an expression.
constexpr std::int64_t kCoordinates = 136;

constexpr Rename kFaceApiNames[] = {
    {"^MobilenetV1/Conv2d_", "conv"},
    {"^Prediction/Conv2d_", "extra"},
    {"^Prediction/BoxPredictor_", "boxes"},
    {"^Output/extra_dim", "priors"},
    {"_depthwise/depthwise_weights", ".depthwise.weight"},
    {"_depthwise/BatchNorm/gamma", ".depthwise.norm.weight"},
    {"_depthwise/BatchNorm/beta", ".depthwise.norm.bias"},
    {"_depthwise/BatchNorm/moving_mean", ".depthwise.norm.running_mean"},
    {"_depthwise/BatchNorm/moving_variance", ".depthwise.norm.running_var"},
    {"_pointwise/weights", ".pointwise.weight"},
    {"_pointwise/convolution_bn_offset", ".pointwise.bias"},
    {"/depthwise_filter", ".depthwise.weight"},
    {"/pointwise_filter", ".pointwise.weight"},
    {"/conv/filters", ".weight"},
    {"/conv/bias", ".bias"},
    {"/filters", ".weight"},
    {"/weights", ".weight"},
    {"/biases", ".bias"},
    {"/bias", ".bias"},
    {"/", "."},
    {"/", "."},
};

/// Boxes and classes are two convolutions of one number; the first of MobileNet, and those behind it, are not split.
std::string name_here(const std::string& theirs, const StateDict& all) {
  std::string ours = theirs == "fc" ? "fc.weight" : renamed(theirs, kFaceApiNames);
  const auto replace = [&](std::string_view part, std::string_view by) {
    if (const std::size_t at = ours.find(part); at != std::string::npos) ours.replace(at, part.size(), by);
  };
  replace(".BoxEncodingPredictor", "");
  if (ours.find(".ClassPredictor") != std::string::npos) {
    replace(".ClassPredictor", "");
    replace("boxes", "classes");
  }
  if (theirs.starts_with("Prediction/") || theirs.starts_with("MobilenetV1/Conv2d_0_")) replace(".pointwise", "");
  if (theirs.ends_with("/bias") && all.contains(theirs.substr(0, theirs.size() - 4) + "pointwise_filter"))
    replace(".bias", ".pointwise.bias");
  return ours;
}

Tensor as_here(const std::string& name, const Tensor& tensor) {
  if (tensor.shape().size() == 2) return kernel_from_keras(tensor, {.kind = KerasKind::dense});
  if (tensor.shape().size() != 4) return tensor;
  const bool apart = name.find("depthwise") != std::string::npos;
  return kernel_from_keras(tensor, {.kind = apart ? KerasKind::depthwise : KerasKind::convolution});
}

/// A convolution's weight or bias, times what is behind it, plus `shift`.
Tensor scaled_rows(const Tensor& tensor, const Tensor& scale, const Tensor* shift, std::string_view where) {
  const std::size_t rows = scale.size();
  if (tensor.dtype() != DType::f32 || scale.dtype() != DType::f32 || rows == 0 ||
      tensor.shape()[0] != scale.shape()[0] ||
      (shift != nullptr && (shift->dtype() != DType::f32 || shift->size() != rows)))
    throw weights_error(
        std::string(where),
        fmt::format("a scale of {} behind filters of {}", to_string(scale.shape()), to_string(tensor.shape())),
        "one number a filter");
  TensorBuffer buffer(DType::f32, tensor.shape());
  const std::size_t width = tensor.size() / rows;
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const double more = shift == nullptr ? 0 : shift->as<float>()[i / width];
    buffer.as<float>()[i] = static_cast<float>(double{tensor.as<float>()[i]} * scale.as<float>()[i / width] + more);
  }
  return std::move(buffer).freeze();
}

}  // namespace

std::string face_api_name(const std::string& theirs, const StateDict& all) { return name_here(theirs, all); }

FaceNetwork face_network_of(const StateDict& weights) {
  for (const auto& [network, tensor] : kKnownBy) {
    if (!weights.contains(std::string(tensor))) continue;
    const bool of_points = network == FaceNetwork::landmarks || network == FaceNetwork::landmarks_tiny;
    if (!of_points) return network;
    const bool fits = weights.contains("fc/weights") && weights.at("fc/weights").shape().back() == kCoordinates;
    return fits ? network : FaceNetwork::none;
  }
  return FaceNetwork::none;
}

StateDict face_api_parameters(const StateDict& weights, std::string_view where) {
  constexpr std::string_view kScale = "/scale/weights", kShift = "/scale/biases";
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const bool of_its_graph = tensor.dtype() != DType::f32 || name.starts_with("Preprocessor/");
    if (of_its_graph || name.ends_with(kScale) || name.ends_with(kShift)) continue;
    ours.set(name_here(name, weights), as_here(name, tensor));
  }
  for (const auto& [name, scale] : weights) {
    if (!name.ends_with(kScale)) continue;
    const std::string stem = name.substr(0, name.size() - kScale.size());
    const std::string conv = renamed(stem + "/conv/filters", kFaceApiNames),
                      bias = renamed(stem + "/conv/bias", kFaceApiNames);
    const std::string shift = stem + std::string(kShift);
    if (!ours.contains(conv) || !ours.contains(bias) || !weights.contains(shift)) continue;  // reported as missing
    ours.set(conv, scaled_rows(ours.at(conv), scale, nullptr, where));
    ours.set(bias, scaled_rows(ours.at(bias), scale, &weights.at(shift), where));
  }
  return ours;
}

}  // namespace enxerto

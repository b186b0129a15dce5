#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/tensorflow/import.h"

namespace enxerto::testing {

/// A TensorFlow.js graph model as text: nodes as JSON, weights of ones.
class SmallModel {
 public:
  SmallModel() { weight("unused", {1}); }

  /// A placeholder (1, height, width, channels).
  SmallModel& input(std::string_view name, std::string_view sizes) {
    std::string dims;
    for (const char digit : sizes) dims += fmt::format(R"({}{{"size":"{}"}})", dims.empty() ? "" : ",", digit);
    return node(name, "Placeholder", {},
                fmt::format(R"("dtype":{{"type":"DT_FLOAT"}},"shape":{{"shape":{{"dim":[{}]}}}})", dims));
  }
  SmallModel& node(std::string_view name, std::string_view op, const std::vector<std::string>& inputs,
                   std::string_view attributes = "") {
    nodes_.push_back(
        fmt::format(R"({{"name":"{}","op":"{}","input":[{}],"attr":{{{}}}}})", name, op, quoted(inputs), attributes));
    return *this;
  }
  SmallModel& weight(std::string_view name, const std::vector<std::int64_t>& shape) {
    std::size_t count = 1;
    for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
    return constant(name, "float32", fmt::format("{}", fmt::join(shape, ",")), std::vector<float>(count, 1.0F));
  }
  SmallModel& integers(std::string_view name, const std::vector<std::int32_t>& values) {
    return constant(name, "int32", fmt::format("{}", values.size()), values);
  }
  SmallModel& outputs(const std::vector<std::string>& names) {
    for (const std::string& name : names)
      outputs_ += fmt::format(R"({}"{}":{{"name":"{}"}})", outputs_.empty() ? "" : ",", name, name);
    return *this;
  }

  std::string text() const {
    return fmt::format(R"({{"format":"graph-model","signature":{{"outputs":{{{}}}}},"modelTopology":{{"node":[{}]}},)"
                       R"("weightsManifest":[{{"paths":["w.bin"],"weights":[{}]}}]}})",
                       outputs_, fmt::join(nodes_, ","), fmt::join(weights_, ","));
  }
  TensorFlowModel parse() const {
    return parse_tensorflow(
        text(), [&](const std::string&) { return TfjsShard{.data = {bytes_, bytes_->data()}, .size = bytes_->size()}; },
        "m.json");
  }

 private:
  static std::string quoted(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list += fmt::format(R"({}"{}")", list.empty() ? "" : ",", name);
    return list;
  }
  template <typename T>
  SmallModel& constant(std::string_view name, std::string_view type, const std::string& shape,
                       const std::vector<T>& values) {
    weights_.push_back(fmt::format(R"({{"name":"{}","dtype":"{}","shape":[{}]}})", name, type, shape));
    const auto* const first = reinterpret_cast<const std::byte*>(values.data());
    bytes_->insert(bytes_->end(), first, first + values.size() * sizeof(T));
    return node(name, "Const", {});
  }

  std::vector<std::string> nodes_, weights_;
  std::string outputs_;
  std::shared_ptr<std::vector<std::byte>> bytes_ = std::make_shared<std::vector<std::byte>>();
};

/// Attributes of a convolution: "strides" 1 and the padding, in base64.
inline constexpr std::string_view kSame = R"("strides":{"list":{"i":["1","1","1","1"]}},"padding":{"s":"U0FNRQ=="})";
inline constexpr std::string_view kValid = R"("strides":{"list":{"i":["1","1","1","1"]}},"padding":{"s":"VkFMSUQ="})";

}  // namespace enxerto::testing

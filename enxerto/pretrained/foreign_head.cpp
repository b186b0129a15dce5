#include "enxerto/pretrained/foreign_head.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace enxerto {
namespace {

/// What a layer of the file has.
struct Dense {
  const Tensor* matrix = nullptr;
  const Tensor* bias = nullptr;
  bool other = false;

  bool whole() const {
    if (other || matrix == nullptr) return false;
    return bias == nullptr || std::ranges::count(matrix->shape(), bias->shape()[0]) > 0;
  }
};

void add(Dense& layer, std::string_view variable, const Tensor& tensor) {
  const std::size_t rank = tensor.shape().size();
  if ((variable == "kernel" || variable == "weight") && rank == 2) {
    layer.matrix = &tensor;
  } else if (variable == "bias" && rank == 1) {
    layer.bias = &tensor;
  } else {
    layer.other = true;
  }
}

}  // namespace

std::vector<std::string> foreign_head(const LoadReport& report, const StateDict& weights) {
  if (report.unexpected.empty() || !report.missing.empty() || !report.mismatched.empty()) return {};
  std::map<std::string_view, Dense> layers;
  for (const std::string& name : report.unexpected) {
    const std::size_t end = name.find_last_of("/.");
    if (end == std::string::npos) return {};
    add(layers[std::string_view(name).substr(0, end)], std::string_view(name).substr(end + 1), weights.at(name));
  }
  const bool all_dense = std::ranges::all_of(layers, [](const auto& layer) { return layer.second.whole(); });
  return all_dense ? report.unexpected : std::vector<std::string>{};
}

}  // namespace enxerto

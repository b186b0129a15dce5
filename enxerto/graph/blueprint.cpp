#include "enxerto/graph/blueprint.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/floating.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 10;

void append(std::string& text, std::string_view kind, const std::vector<std::string>& names) {
  if (names.empty()) return;
  if (!text.empty()) text += "; ";
  text += fmt::format("{} {}: ", names.size(), kind);
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamed) text += ", ..";
}

bool converts(DType from, DType to) { return from == to || (is_floating(from) && to == DType::f32); }

}  // namespace

std::string LoadReport::summary() const {
  std::string text;
  append(text, "missing", missing);
  append(text, "unexpected", unexpected);
  append(text, "mismatched", mismatched);
  return text;
}

LoadReport Blueprint::compare(const StateDict& weights) const {
  LoadReport report;
  std::unordered_set<std::string_view> wanted;
  for (const ParameterSpec& spec : parameters) {
    wanted.insert(spec.name);
    const Tensor* found = weights.find(spec.name);
    if (found == nullptr) {
      report.missing.push_back(spec.name);
    } else if (found->shape() != spec.shape || !converts(found->dtype(), spec.dtype)) {
      report.mismatched.push_back(fmt::format("{}: found {} {}, expected {} {}", spec.name, name_of(found->dtype()),
                                              to_string(found->shape()), name_of(spec.dtype), to_string(spec.shape)));
    }
  }
  for (const auto& [name, _] : weights) {
    if (!wanted.contains(name)) report.unexpected.push_back(name);
  }
  return report;
}

Graph Blueprint::fill(const StateDict& weights, std::string_view where) const {
  const LoadReport report = compare(weights);
  if (!report.fits()) {
    throw weights_error(std::string(where), report.summary(),
                        fmt::format("the {} tensors of {}", parameters.size(), graph.name),
                        "weights of exactly this architecture and number of classes");
  }
  Graph filled = graph;
  for (const ParameterSpec& spec : parameters) {
    const Tensor& tensor = weights.at(spec.name);
    filled.parameters.set(spec.name, tensor.dtype() == spec.dtype ? tensor : tensor.to_float32());
  }
  check(filled);
  return filled;
}

}  // namespace enxerto

#include "enxerto/pretrained/onnx/joined_classifiers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/pretrained/onnx/graph_values.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostTerms = 16;
constexpr std::array<std::string_view, 2> kUnchanged{"Identity", "Dropout"};

/// factor * weight * value, with weight (classes, features).
struct DenseTerm {
  std::string value;
  const Tensor* weight = nullptr;
  bool turned = false;  ///< the weight is (features, classes)
  double factor = 1;
};

/// The output as a sum of dense layers and of biases.
class DenseSum {
 public:
  explicit DenseSum(const Graph& graph) : graph_(graph), values_(graph) {
    const SymbolicShape& shape = values_.shape(graph.outputs[0].name);
    if (shape.size() != 2 || shape[1].is_symbolic()) return;
    bias_.resize(to_size(shape[1].size));
    found_ = collect(graph.outputs[0].name, 1) && are_several();
  }

  bool found() const { return found_; }
  const std::vector<DenseTerm>& terms() const { return terms_; }

  Tensor bias() const {
    const std::vector<float> values(bias_.begin(), bias_.end());
    return Tensor::of<float>({static_cast<std::int64_t>(values.size())}, std::span<const float>(values));
  }

  /// (classes, features of all).
  Tensor weight() const {
    std::size_t width = 0;
    for (const DenseTerm& term : terms_) width += term.weight->size() / bias_.size();
    std::vector<float> joined(bias_.size() * width);
    std::size_t begin = 0;
    for (const DenseTerm& term : terms_) {
      const auto from = term.weight->as<float>();
      const std::size_t own = from.size() / bias_.size();
      for (std::size_t k = 0; k < bias_.size(); ++k)
        for (std::size_t f = 0; f < own; ++f)
          joined[k * width + begin + f] =
              static_cast<float>(term.factor * from[term.turned ? f * bias_.size() + k : k * own + f]);
      begin += own;
    }
    return Tensor::of<float>({static_cast<std::int64_t>(bias_.size()), static_cast<std::int64_t>(width)},
                             std::span<const float>(joined));
  }

 private:
  bool are_several() const {
    std::set<std::string_view> different;
    for (const DenseTerm& term : terms_) different.insert(term.value);
    return different.size() > 1;
  }

  /// False where `value` is anything but such a sum.
  bool collect(const std::string& value, double factor) {
    const std::optional<std::size_t> made = values_.maker(value);
    if (!made || terms_.size() > kMostTerms) return false;
    const Node& node = graph_.nodes[*made];
    if (std::ranges::find(kUnchanged, node.op) != kUnchanged.end()) return collect(node.inputs[0], factor);
    if (node.op == "Gemm") return collect_gemm(node, factor);
    if (node.op == "MatMul") return add_term(node, factor, true);
    if (node.op == "Add" || node.op == "Sub" || node.op == "Sum")
      return collect_all(node, factor, node.op == "Sub" ? -factor : factor);
    if (node.op == "Mean") return collect_all(node, factor / static_cast<double>(node.inputs.size()), 0);
    if (node.op == "Mul" || node.op == "Div") return collect_scaled(node, factor);
    if (node.op == "ReduceMean" || node.op == "ReduceSum") return collect_stacked(node, factor);
    return false;
  }

  bool collect_all(const Node& node, double first, double others) {
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const double factor = i == 0 || others == 0 ? first : others;
      if (!values_.varies(node.inputs[i]) ? !add_bias(node.inputs[i], factor) : !collect(node.inputs[i], factor))
        return false;
    }
    return true;
  }

  bool collect_gemm(const Node& node, double factor) {
    if (attribute<std::int64_t>(node, "transA", 0) != 0) return false;
    const double alpha = static_cast<double>(attribute<float>(node, "alpha", 1));
    const double beta = static_cast<double>(attribute<float>(node, "beta", 1));
    if (node.inputs.size() > 2 && !node.inputs[2].empty() && !add_bias(node.inputs[2], factor * beta)) return false;
    return add_term(node, factor * alpha, attribute<std::int64_t>(node, "transB", 0) == 0);
  }

  bool add_term(const Node& node, double factor, bool turned) {
    const Tensor* weight = values_.tensor(node.inputs[1]);
    const bool fits = values_.varies(node.inputs[0]) && values_.shape(node.inputs[0]).size() == 2 &&
                      weight != nullptr && weight->dtype() == DType::f32 && weight->shape().size() == 2 &&
                      to_size(weight->shape()[turned ? 1 : 0]) == bias_.size();
    if (fits) terms_.push_back({node.inputs[0], weight, turned, factor});
    return fits;
  }

  bool add_bias(const std::string& name, double factor) {
    const Tensor* bias = values_.tensor(name);
    if (bias == nullptr || bias->dtype() != DType::f32 || (bias->size() != bias_.size() && bias->size() != 1))
      return false;
    const auto numbers = bias->as<float>();
    for (std::size_t k = 0; k < bias_.size(); ++k)
      bias_[k] += factor * static_cast<double>(numbers[numbers.size() == 1 ? 0 : k]);
    return true;
  }

  bool collect_scaled(const Node& node, double factor) {
    const bool first = values_.varies(node.inputs[0]);
    const Tensor* scale = values_.tensor(node.inputs[first ? 1 : 0]);
    if (scale == nullptr || scale->size() != 1 || scale->dtype() != DType::f32 || (node.op == "Div" && !first))
      return false;
    const auto by = static_cast<double>(scale->as<float>()[0]);
    return by != 0 && collect(node.inputs[first ? 0 : 1], node.op == "Div" ? factor / by : factor * by);
  }

  /// torch.stack and a mean or sum over it.
  bool collect_stacked(const Node& node, double factor) {
    const std::optional<std::size_t> made = values_.maker(node.inputs[0]);
    if (!made || graph_.nodes[*made].op != "Concat") return false;
    const Node& stack = graph_.nodes[*made];
    const SymbolicShape& shape = values_.shape(stack.outputs[0]);
    const bool over_stack = shape.size() == 3 && attribute<std::int64_t>(stack, "axis", 0) == 0 &&
                            values_.shape(node.outputs[0]).size() == 2 && is_first_axis(node);
    if (!over_stack) return false;
    const auto count = static_cast<double>(stack.inputs.size());
    for (const std::string& one : stack.inputs) {
      const std::optional<std::size_t> lifted = values_.maker(one);
      if (!lifted || graph_.nodes[*lifted].op != "Unsqueeze" || values_.shape(one)[0] != Dim(1)) return false;
      if (!collect(graph_.nodes[*lifted].inputs[0], node.op == "ReduceMean" ? factor / count : factor)) return false;
    }
    return true;
  }

  bool is_first_axis(const Node& node) const {
    std::vector<std::int64_t> axes = attribute<std::vector<std::int64_t>>(node, "axes", {});
    if (node.inputs.size() > 1)
      if (const Tensor* given = values_.tensor(node.inputs[1]); given != nullptr && given->dtype() == DType::i64)
        axes.assign(given->as<std::int64_t>().begin(), given->as<std::int64_t>().end());
    return axes == std::vector<std::int64_t>{0} || axes == std::vector<std::int64_t>{-3};
  }

  const Graph& graph_;
  GraphValues values_;
  std::vector<DenseTerm> terms_;
  std::vector<double> bias_;
  bool found_ = false;
};

}  // namespace

Graph with_joined_classifiers(Graph graph) {
  std::vector<std::string> values;
  Tensor weight, bias;
  {
    const DenseSum sum(graph);
    if (!sum.found()) return graph;
    for (const DenseTerm& term : sum.terms()) values.push_back(term.value);
    weight = sum.weight();
    bias = sum.bias();
  }
  const std::string name = "joined_classifiers";
  graph.parameters.set(name + ".weight", std::move(weight));
  graph.parameters.set(name + ".bias", std::move(bias));
  graph.nodes.push_back(
      {name + "/features", "Concat", "", std::move(values), {name + "/features"}, {{"axis", std::int64_t{1}}}});
  graph.nodes.push_back({name,
                         "Gemm",
                         "",
                         {name + "/features", name + ".weight", name + ".bias"},
                         {name + "/scores"},
                         {{"transB", std::int64_t{1}}}});
  graph.outputs[0].name = name + "/scores";
  return without_dead_nodes(graph);
}

}  // namespace enxerto

#include "enxerto/pretrained/onnx/classifier_head.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/separators.h"
#include "enxerto/pretrained/onnx/channel_axis.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// What a normalisation over the channels consists of, in one operation or in many, and what PyTorch's exporter writes
/// for as_strided, which copies what it pooled: numbers of places, and a Gather from them.
constexpr std::array<std::string_view, 20> kNormalising{"LayerNormalization",
                                                        "BatchNormalization",
                                                        "InstanceNormalization",
                                                        "GroupNormalization",
                                                        "ReduceMean",
                                                        "Sub",
                                                        "Pow",
                                                        "Mul",
                                                        "Add",
                                                        "Sqrt",
                                                        "Div",
                                                        "Reciprocal",
                                                        "Reshape",
                                                        "Gather",
                                                        "Range",
                                                        "Shape",
                                                        "Squeeze",
                                                        "Unsqueeze",
                                                        "Concat",
                                                        "Cast"};

/// What a classifier of several dense layers consists of, its activations in one operation or in many.
constexpr std::array<std::string_view, 30> kOfDenseLayers{
    "Gemm",
    "MatMul",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Relu",
    "LeakyRelu",
    "PRelu",
    "Elu",
    "Selu",
    "Gelu",
    "Erf",
    "Tanh",
    "Sigmoid",
    "HardSwish",
    "HardSigmoid",
    "Clip",
    "Mish",
    "Dropout",
    "Identity",
    "BatchNormalization",
    "LayerNormalization",
    "Softplus",  // and what exporters write other activations and normalisations with
    "Softsign",
    "Celu",
    "Pow",
    "Sqrt",
    "ReduceMean",
    "Split"};

constexpr std::array<std::string_view, 3> kScaling{"Add", "Mul", "Div"};

/// The dense layer or convolution that classifies, if the last parameters are its.
std::optional<std::size_t> find_classifier(const GraphValues& values) {
  const Graph& graph = values.graph();
  std::optional<std::size_t> node = values.last_trained();
  if (!node) return std::nullopt;
  // Behind it: a bias, and the scale of a classifier of directions (cosines).
  for (int behind = 0; behind < 3 && std::ranges::find(kScaling, graph.nodes[*node].op) != kScaling.end(); ++behind) {
    const std::string* before = values.varying_input(*node);
    node = before == nullptr ? std::nullopt : values.maker(*before);
    if (!node) return std::nullopt;
  }
  if (!values.holds_parameters(*node)) return std::nullopt;
  const Node& layer = graph.nodes[*node];
  const SymbolicShape& out = values.shape(layer.outputs[0]);
  if (layer.op == "Gemm" || layer.op == "MatMul") return out.size() == 2 ? node : std::nullopt;
  if (layer.op != "Conv" || out.size() != 4) return std::nullopt;
  const SymbolicShape& in = values.shape(layer.inputs[0]);
  const bool pooled = in[2] == Dim(1) && in[3] == Dim(1);
  const bool imagenet = out[1] == Dim(1000) || out[1] == Dim(1001);
  return pooled || imagenet ? node : std::nullopt;
}

/// A place where one value enters the head.
struct Entry {
  std::size_t position = 0;
  std::string value;
  std::size_t channels = 1;
};

/// Goes from what the classifier takes towards the input, as long as nothing but averages, changes of shape and, before
/// an average is met, normalisations are on the way.
class HeadSearch {
 public:
  explicit HeadSearch(const Graph& graph) : graph_(graph), values_(graph), classifier_(find_classifier(values_)) {
    for (const Separator& separator : separators(graph)) separating_[separator.position] = separator.value;
    value_ = classifier_ ? *values_.varying_input(*classifier_) : graph.outputs[0].name;
    first_ = classifier_.value_or(graph.nodes.size());
  }

  ClassifierHead find() {
    step_over_dense_layers();
    nearest_ = entry();
    while (step()) {
    }
    ClassifierHead head{.begin = graph_.nodes.size(), .classifies = classifier_.has_value()};
    const std::optional<Entry>& found = averaged_ ? averaged_ : flattened_ ? flattened_ : nearest_;
    if (!found) return head;
    head.begin = found->position;
    head.features = found->value;
    head.turn = turn_of(*found);
    return head;
  }

 private:
  /// Where `value_` alone crosses, closest before its first user.
  std::optional<Entry> entry() const {
    const std::size_t rank = values_.shape(value_).size();
    for (std::size_t position = first_; position > 0 && rank >= 2 && rank <= 4; --position) {
      const auto place = separating_.find(position);
      if (place != separating_.end() && place->second == value_) return Entry{position, value_, channels_};
    }
    return std::nullopt;
  }

  /// A classifier of several dense layers is one head where it begins behind a map that was averaged or flattened, as
  /// in the networks of the zoo.
  void step_over_dense_layers() {
    if (!classifier_ || graph_.nodes[*classifier_].op == "Conv") return;
    Entry before_first_dense;
    for (std::size_t position = *classifier_; position > 0; --position) {
      const auto place = separating_.find(position);
      if (place != separating_.end()) {
        if (values_.shape(place->second).size() != 2) return;
        if (before_first_dense.value.empty()) before_first_dense = {position, place->second};
        if (is_made_of_a_map(place->second)) return enter_dense_layers({position, place->second}, before_first_dense);
      }
      const Node& node = graph_.nodes[position - 1];
      if (is_dense(node)) before_first_dense = {};
      const bool varies = std::ranges::any_of(node.outputs, [&](const auto& name) { return values_.varies(name); });
      if (varies && std::ranges::find(kOfDenseLayers, node.op) == kOfDenseLayers.end()) return;
    }
  }

  /// `row` is what a map became. Where a function of it is what the first dense layer takes (the root of a generalised
  /// mean, an activation), that is the body's last word; normalisations and changes of shape are the head's.
  void enter_dense_layers(const Entry& row, const Entry& before_first_dense) {
    if (before_first_dense.position == 0) return;
    const bool has_one_layer =
        std::ranges::none_of(between(row.position, *classifier_), [&](const Node& node) { return is_dense(node); });
    if (has_one_layer) return;
    const Entry& chosen = normalises(row.position, before_first_dense.position) ? row : before_first_dense;
    first_ = chosen.position;
    value_ = chosen.value;
  }

  bool is_dense(const Node& node) const {
    return (node.op == "Gemm" || node.op == "MatMul") && values_.varies(node.outputs[0]);
  }

  std::span<const Node> between(std::size_t begin, std::size_t end) const {
    return std::span(graph_.nodes).subspan(begin, end - begin);
  }

  /// Whether these nodes normalise, scale and shift alone. A power or a root without an average beside it is a function
  /// of each number: the end of a generalised mean.
  bool normalises(std::size_t begin, std::size_t end) const {
    bool averages = false, bends = false;
    for (const Node& node : between(begin, end)) {
      if (node.outputs.empty() || !values_.varies(node.outputs[0]) || node.op == "Dropout" || node.op == "Identity")
        continue;
      if (std::ranges::find(kNormalising, node.op) == kNormalising.end() && node.op != "Flatten") return false;
      averages = averages || node.op == "ReduceMean" || node.op.ends_with("Normalization");
      bends = bends || node.op == "Pow" || node.op == "Sqrt" || node.op == "Reciprocal";
    }
    return averages || !bends;
  }

  bool is_made_of_a_map(const std::string& value) const {
    const std::optional<std::size_t> made = values_.maker(value);
    if (!made) return false;
    const Node& maker = graph_.nodes[*made];
    return (averages(maker) || is_reshaping(maker)) && values_.varies(maker.inputs[0]) &&
           values_.shape(maker.inputs[0]).size() == 4;
  }

  /// Past what makes `value_`. False where that belongs to the body.
  bool step() {
    const std::optional<std::size_t> made = values_.maker(value_);
    if (!made) return false;
    const Node& maker = graph_.nodes[*made];
    if (averages(maker)) return step_to_input(*made, &averaged_);
    if (is_reshaping(maker) && values_.varies(maker.inputs[0])) {
      if (!axis_before(values_, maker, channels_)) return note_flattened(*made);
      return step_to_input(*made, nullptr);
    }
    return !averages_met_ && classifier_ && step_over_normalisation(*made);
  }

  bool averages(const Node& node) const {
    if (node.op == "AveragePool") {
      const SymbolicShape& shape = values_.shape(node.outputs[0]);
      return std::all_of(shape.begin() + 2, shape.end(), [](const Dim& dim) { return dim == Dim(1); });
    }
    return node.op == "GlobalAveragePool" || node.op == "ReduceMean";
  }

  bool step_to_input(std::size_t made, std::optional<Entry>* found) {
    const std::optional<std::size_t> channels = axis_before(values_, graph_.nodes[made], channels_);
    if (!channels) return !averages_met_ && classifier_ && step_over_normalisation(made);
    first_ = made;
    value_ = graph_.nodes[made].inputs[0];
    channels_ = *channels;
    const std::optional<Entry> here = entry();
    if (found != nullptr) averages_met_ = true;
    if (found != nullptr && here) *found = here;
    if (!nearest_) nearest_ = here;
    return true;
  }

  /// A map that becomes a row as it is enters as a map: a head can average it, or flatten it too.
  bool note_flattened(std::size_t made) {
    if (averages_met_ || normalised_) return false;
    first_ = made;
    value_ = graph_.nodes[made].inputs[0];
    const bool is_map = values_.shape(value_).size() == 4;
    channels_ = channel_axis(values_, value_).value_or(1);
    if (is_map && channels_ != 0) flattened_ = entry();
    return false;
  }

  /// To the value of the same shape that alone enters what makes `value_`, where that only normalises.
  bool step_over_normalisation(std::size_t made) {
    for (std::size_t position = made + 1; position-- > 1;) {
      const Node& node = graph_.nodes[position];
      const bool varies = std::ranges::any_of(node.outputs, [&](const auto& name) { return values_.varies(name); });
      if (varies && std::ranges::find(kNormalising, node.op) == kNormalising.end()) return false;
      const auto place = separating_.find(position);
      if (place == separating_.end() || place->second == value_) continue;
      if (values_.shape(place->second) != values_.shape(value_) || !normalises(position, made + 1)) return false;
      first_ = position;
      value_ = place->second;
      return normalised_ = true;
    }
    return false;
  }

  Ints turn_of(const Entry& entry) const {
    const std::size_t rank = values_.shape(entry.value).size();
    const std::size_t wanted = rank == 3 ? 2 : 1;
    if (rank < 3 || entry.channels == wanted || entry.channels == 0) return {};
    Ints turn;
    for (std::size_t i = 0; i < rank; ++i)
      if (i != entry.channels) turn.push_back(static_cast<std::int64_t>(i));
    turn.insert(turn.begin() + static_cast<std::ptrdiff_t>(wanted), static_cast<std::int64_t>(entry.channels));
    return turn;
  }

  const Graph& graph_;
  GraphValues values_;
  std::optional<std::size_t> classifier_;
  std::unordered_map<std::size_t, std::string> separating_;
  std::string value_;
  std::size_t first_ = 0, channels_ = 1;
  bool averages_met_ = false, normalised_ = false;
  std::optional<Entry> nearest_, averaged_, flattened_;
};

}  // namespace

ClassifierHead find_head(const Graph& graph) { return HeadSearch(graph).find(); }

Graph with_turned_features(Graph graph, ClassifierHead& head) {
  if (head.turn.empty()) return graph;
  const std::string turned = fmt::format("{}/channels", head.features), back = fmt::format("{}/back", head.features);
  Ints inverse(head.turn.size());
  for (std::size_t i = 0; i < head.turn.size(); ++i) inverse[to_size(head.turn[i])] = static_cast<std::int64_t>(i);
  const auto begin = graph.nodes.begin() + static_cast<std::ptrdiff_t>(head.begin);
  for (auto node = begin; node != graph.nodes.end(); ++node) std::ranges::replace(node->inputs, head.features, back);
  const Node there{turned, "Transpose", "", {head.features}, {turned}, {{"perm", head.turn}}};
  const Node again{back, "Transpose", "", {turned}, {back}, {{"perm", inverse}}};
  graph.nodes.insert(begin, {there, again});
  head.features = turned;
  head.turn.clear();
  ++head.begin;
  return graph;
}

}  // namespace enxerto

#include "enxerto/pretrained/onnx/counted_columns.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/symbol.h"
#include "enxerto/heads/head.h"
#include "enxerto/media/image/text_line_preprocessor.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr const char* kFrames = "frames";
constexpr std::int64_t kFloatType = 1;  // TensorProto.DataType
constexpr std::size_t kAcross = 3;      // of (batch, channels, height, columns)

/// Operations that leave the columns apart, or of which what they do is seen in the shapes.
constexpr std::array<std::string_view, 34> kApart{"Add",       "Sub",       "Mul",
                                                  "Div",       "Pow",       "Sqrt",
                                                  "Clip",      "Relu",      "Sigmoid",
                                                  "HardSwish", "Tanh",      "Erf",
                                                  "Gelu",      "LeakyRelu", "HardSigmoid",
                                                  "Neg",       "Exp",       "Abs",
                                                  "Cast",      "Concat",    "Transpose",
                                                  "Reshape",   "Squeeze",   "Unsqueeze",
                                                  "Flatten",   "Identity",  "BatchNormalization",
                                                  "Constant",  "MatMul",    "Gemm",
                                                  "Slice",     "Split",     "LayerNormalization",
                                                  "ReduceMean"};

/// How far a window goes along the columns.
struct Reach {
  std::int64_t kernel = 1, stride = 1, before = 0, behind = 0;

  std::int64_t extra() const { return before + behind - kernel; }
  bool keeps() const { return stride == 1 && extra() == -1; }
  /// How many of its windows there are over so many columns.
  std::int64_t of(std::int64_t columns) const { return columns + extra() < 0 ? 0 : (columns + extra()) / stride + 1; }
};

Reach reach_of(const Node& node, const ValueTypes& types) {
  const auto last = [&](std::string_view name, std::int64_t fallback) {
    const auto* const values = find_attribute<Ints>(node, name);
    return values == nullptr || values->empty() ? fallback : values->back();
  };
  Reach reach{.kernel = node.op == "Conv" ? types.at(node.inputs[1]).shape.back().size : last("kernel_shape", 1),
              .stride = last("strides", 1)};
  reach.kernel = (reach.kernel - 1) * last("dilations", 1) + 1;
  if (const auto* const pads = find_attribute<Ints>(node, "pads"); pads != nullptr && pads->size() == 4)
    reach.before = (*pads)[1], reach.behind = (*pads)[3];
  return reach;
}

class ColumnCounter {
 public:
  ColumnCounter(Graph graph, std::int64_t step, const std::string& where)
      : graph_(std::move(graph)), step_(step), where_(where) {
    put_rows_in_front();
    types_ = infer_shapes(graph_);
  }

  CountedColumns counted() && {
    counts_[symbol_of(types_.at(picture_))] = {.name = std::string(kColumnCount), .windows = {}};
    std::vector<Node> nodes = std::exchange(graph_.nodes, {});
    for (Node& node : nodes) {
      stage_ = node.stage;
      take(node);
      graph_.nodes.push_back(std::move(node));
    }
    for (const char* name : {"attention_mask", kColumnCount.data()})
      graph_.inputs.push_back({.name = name, .dtype = DType::i64, .shape = {"batch", 1}});
    graph_.inputs[1].shape[1] = kFrames;
    return {.graph = std::move(graph_), .reach = reach_of_frames()};
  }

 private:
  /// Of how many columns there are at one place of the network.
  struct Count {
    std::string name;            ///< (batch, 1) of int64
    std::vector<Reach> windows;  ///< that made it of those of the picture
    std::string mask = {};       ///< (batch, 1, 1, columns) of 1 and 0; "": not there yet

    std::int64_t of(std::int64_t columns) const {
      for (const Reach& window : windows) columns = window.of(columns);
      return columns;
    }
  };

  [[noreturn]] void refuse(const Node& node, const std::string& why) const {
    throw weights_error(where_, fmt::format("{} {}: {}", node.op, node.name, why),
                        "a network of convolutions and attention along the line",
                        "give its lines to the program that it comes from");
  }

  std::string add(std::string op, std::vector<std::string> inputs, Attributes attributes = {}) {
    const std::string name = fmt::format("columns/{}", number_++);
    graph_.nodes.push_back({name, std::move(op), stage_, std::move(inputs), {name}, std::move(attributes)});
    return name;
  }
  std::string constant(Tensor value) { return add("Constant", {}, {{"value", std::move(value)}}); }
  std::string integers(const Ints& values) {
    return constant(Tensor::of<std::int64_t>({std::ssize(values)}, std::span<const std::int64_t>(values)));
  }
  std::string integer(std::int64_t value) { return constant(Tensor::scalar<std::int64_t>(value)); }
  std::string number(float value) { return constant(Tensor::scalar(value)); }

  /// (batch, frames, 3, height, step) -> (batch, 3, height, columns)
  void put_rows_in_front() {
    Value& input = graph_.inputs.front();
    picture_ = input.name;
    const std::int64_t height = input.shape[2].size;
    stage_ = graph_.nodes.front().stage;
    std::vector<Node> nodes = std::exchange(graph_.nodes, {});
    input = {.name = std::string(kLineRows), .dtype = DType::f32, .shape = {"batch", kFrames, 3, height, step_}};
    const std::string turned = add("Transpose", {input.name}, {{"perm", Ints{0, 2, 3, 1, 4}}});
    const std::string shape = integers({0, 3, height, -1});
    graph_.nodes.push_back({picture_, "Reshape", stage_, {turned, shape}, {picture_}, {}});
    graph_.nodes.insert(graph_.nodes.end(), std::make_move_iterator(nodes.begin()),
                        std::make_move_iterator(nodes.end()));
  }

  static std::string symbol_of(const ValueType& type) { return type.shape.back().symbol; }

  /// Dimensions that depend on how long the line is.
  std::ptrdiff_t open_dimensions(const std::string& value) const {
    const auto found = types_.find(value);
    if (found == types_.end() || found->second.shape.empty()) return 0;
    return std::count_if(found->second.shape.begin() + 1, found->second.shape.end(),
                         [](const Dim& dim) { return dim.is_symbolic(); });
  }

  void take(Node& node) {
    if (node.inputs.empty() ||
        std::ranges::none_of(node.inputs, [&](const std::string& input) { return open_dimensions(input) > 0; }))
      return;
    if (node.outputs.front() == picture_ || node.outputs.front().starts_with("columns/")) return;
    if (node.op == "Conv" || node.op == "AveragePool" || node.op == "MaxPool") return take_window(node);
    if (node.op == "GlobalAveragePool") return take_average(node);
    if (node.op == "Softmax") return take_attention(node);
    if (std::ranges::find(kApart, node.op) == kApart.end()) refuse(node, "it may mix columns");
    if (node.op == "ReduceMean" && open_dimensions(node.outputs[0]) != open_dimensions(node.inputs[0]))
      refuse(node, "it averages columns");
  }

  void take_window(Node& node) {
    const SymbolicShape& shape = types_.at(node.inputs[0]).shape;
    if (shape.size() != 4 || shape[2].is_symbolic() || !shape[kAcross].is_symbolic())
      refuse(node, "it does not go over (batch, channels, height, columns)");
    const Reach reach = reach_of(node, types_);
    const bool pads = reach.before > 0 || reach.behind > 0;
    if (attribute<std::string>(node, "auto_pad", "NOTSET") != "NOTSET" ||
        attribute<std::int64_t>(node, "ceil_mode", 0) != 0 || (pads && node.op != "Conv"))
      refuse(node, "how it pads is not known");
    if (reach.behind > 0 && node.inputs[0] != picture_)
      node.inputs[0] = add("Mul", {node.inputs[0], mask_of(node, shape[kAcross])});
    if (!reach.keeps()) count_windows(node, shape[kAcross].symbol, reach);
  }

  /// How many of its windows lie in the line.
  void count_windows(const Node& node, const std::string& columns, const Reach& reach) {
    const Count& before = count_at(node, columns);
    Count count{.name = "", .windows = before.windows};
    count.windows.push_back(reach);
    const std::string symbol = symbol_of(types_.at(node.outputs[0]));
    if (const auto known = counts_.find(symbol); known != counts_.end()) {
      constexpr std::int64_t kLooked = 4096;
      for (std::int64_t width = 1; width < kLooked; ++width)
        if (known->second.of(width) != count.of(width)) refuse(node, "maps of one width have different columns");
      return;
    }
    const std::string room = add("Add", {before.name, integer(reach.extra())});
    const std::string steps = reach.stride == 1 ? room : add("Div", {room, integer(reach.stride)});
    count.name = add("Add", {steps, integer(1)});
    counts_[symbol] = std::move(count);
  }

  Count& count_at(const Node& node, const std::string& symbol) {
    const auto found = counts_.find(symbol);
    if (found == counts_.end()) refuse(node, fmt::format("a width of {} is not known", symbol));
    return found->second;
  }

  /// 1 for each column of the line, and 0 behind it.
  std::string mask_of(const Node& node, const Dim& width) {
    Count& count = count_at(node, width.symbol);
    if (!count.mask.empty()) return count.mask;
    const std::optional<Dim> of_frame = divided(width, Dim(kFrames));
    if (!of_frame || of_frame->is_symbolic()) refuse(node, fmt::format("a width of {}", width.symbol));
    Ints ends(static_cast<std::size_t>(of_frame->size));
    for (std::size_t i = 0; i < ends.size(); ++i) ends[i] = static_cast<std::int64_t>(i) + 1 - of_frame->size;
    const std::string column =
        add("Unsqueeze", {add("Mul", {frame_numbers(), integer(of_frame->size)}), integers({2})});
    const std::string numbers = add("Reshape", {add("Add", {column, integers(ends)}), integers({0, -1})});
    const std::string inside = add("LessOrEqual", {numbers, count.name});
    const std::string counts = add("Cast", {inside}, {{"to", kFloatType}});
    count.mask = add("Unsqueeze", {counts, integers({1, 2})});
    return count.mask;
  }

  /// (batch, frames) from 1 on.
  std::string frame_numbers() {
    if (!frame_numbers_.empty()) return frame_numbers_;
    const std::string none = add("Mul", {std::string(kAttentionMask), integer(0)});
    return frame_numbers_ = add("CumSum", {add("Add", {none, integer(1)}), integer(1)});
  }

  /// The mean of the line's columns alone.
  void take_average(Node& node) {
    const SymbolicShape shape = types_.at(node.inputs[0]).shape;
    const std::string& symbol = shape[kAcross].symbol;
    const std::string kept = add("Mul", {node.inputs[0], mask_of(node, shape[kAcross])});
    const std::string sum = add("ReduceSum", {kept, integers({2, 3})}, {{"keepdims", std::int64_t{1}}});
    const std::string count = add("Cast", {count_at(node, symbol).name}, {{"to", kFloatType}});
    const std::string area = add("Mul", {count, number(static_cast<float>(shape[2].size))});
    node.inputs = {sum, add("Unsqueeze", {area, integers({2, 3})})};
    node.op = "Div";
    node.attributes.clear();
  }

  /// Nothing behind the line is looked at.
  void take_attention(Node& node) {
    const SymbolicShape& shape = types_.at(node.inputs[0]).shape;
    const auto axis = attribute<std::int64_t>(node, "axis", -1);
    const bool last = axis == -1 || axis + 1 == std::ssize(shape);
    if (last && !shape.back().is_symbolic()) return;
    if (!last || shape.size() != 4) refuse(node, "it is no attention along the line, (batch, heads, frames, frames)");
    const std::string rest = add("Sub", {mask_of(node, shape.back()), number(1)});
    node.inputs[0] = add("Add", {node.inputs[0], add("Mul", {rest, number(kFarBelow)})});
  }

  std::int64_t reach_of_frames() const {
    const auto found = counts_.find(kFrames);
    if (found == counts_.end())
      throw weights_error(where_, fmt::format("its answers are not one for {} columns", step_), "one");
    constexpr std::int64_t kLooked = 4096;
    std::int64_t reach = 1;
    while (reach < step_ && found->second.of(reach) < 1) ++reach;
    for (std::int64_t width = step_; width < kLooked; ++width)
      if (found->second.of(width) != (width + step_ - reach) / step_)
        throw weights_error(where_, fmt::format("{} answers for {} columns", found->second.of(width), width),
                            fmt::format("one for {} columns", step_));
    return reach;
  }

  Graph graph_;
  std::int64_t step_;
  const std::string& where_;
  std::string picture_, stage_, frame_numbers_;
  std::size_t number_ = 0;
  ValueTypes types_;
  std::map<std::string, Count> counts_;  // by the symbol of the width
};

}  // namespace

CountedColumns with_counted_columns(Graph graph, std::int64_t step, const std::string& where) {
  return ColumnCounter(std::move(graph), step, where).counted();
}

}  // namespace enxerto

#include "enxerto/tasks/exported_boxes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

constexpr std::int64_t kCornersOfBox = 4, kBehindAll = std::int64_t{1} << 31, kFloat = 1;

/// Nodes of the head that choose among its boxes.
class SelectionWriter {
 public:
  SelectionWriter(Graph& network, const Value& answer)
      : network_(network),
        answer_(answer.name),
        count_(answer.shape.at(1).size),
        classes_(answer.shape.at(2).size - kCornersOfBox) {}

  void write(const BoxSelection& selection) {
    const std::string boxes = slice(answer_, "nms.boxes", 2, 0, kCornersOfBox);
    std::string scores = slice(answer_, "nms.scores", 2, kCornersOfBox, kBehindAll);
    if (selection.candidates_of_map > 0) scores = best_of_maps(scores, selection);
    std::string by_class = add("Transpose", "nms.by_class", {scores}, {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
    if (selection.candidates_of_class > 0)
      by_class = best(by_class, "nms.best_of_class", 2, count_, selection.candidates_of_class);
    const auto of_class = selection.of_class == 0 ? count_ : static_cast<std::int64_t>(selection.of_class);
    std::string chosen = add("NonMaxSuppression", "nms.chosen",
                             {boxes, by_class, constant("nms.most", Tensor::scalar(of_class)),
                              constant("nms.overlap", Tensor::scalar(selection.overlap)),
                              constant("nms.least", Tensor::scalar(selection.score))});
    if (selection.all > 0) chosen = best_of_example(chosen, by_class, selection.all);
    const std::string places =
        add("Gather", "nms.places", {chosen, numbers("nms.of_box", {0, 2})}, {{"axis", std::int64_t{1}}});
    add("GatherND", "boxes", {boxes, places});
    add("GatherND", "scores", {by_class, chosen});
    column("classes", chosen, 1);
    column("examples", chosen, 0);
    const Dim count("detections");
    network_.outputs = {{"boxes", DType::f32, {count, kCornersOfBox}},
                        {"scores", DType::f32, {count}},
                        {"classes", DType::i64, {count}},
                        {"examples", DType::i64, {count}}};
  }

 private:
  std::string add(std::string op, const std::string& name, std::vector<std::string> inputs,
                  Attributes attributes = {}) {
    network_.nodes.push_back({.name = name,
                              .op = std::move(op),
                              .stage = std::string(kHeadStage),
                              .inputs = std::move(inputs),
                              .outputs = {name},
                              .attributes = std::move(attributes)});
    return name;
  }
  std::string constant(const std::string& name, const Tensor& value) {
    return add("Constant", name, {}, {{"value", value}});
  }
  std::string numbers(const std::string& name, std::vector<std::int64_t> values) {
    return constant(name, Tensor::of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values));
  }
  std::string slice(const std::string& x, const std::string& name, std::int64_t axis, std::int64_t begin,
                    std::int64_t end) {
    return add("Slice", name,
               {x, numbers(name + ".begin", {begin}), numbers(name + ".end", {end}), numbers(name + ".axis", {axis})});
  }
  void column(const std::string& name, const std::string& chosen, std::int64_t number) {
    add("Gather", name, {chosen, constant(name + ".number", Tensor::scalar(number))}, {{"axis", std::int64_t{1}}});
  }

  /// The `most`-th largest along the axis of `size`; it stays there, of size 1.
  std::string last_of_best(const std::string& x, const std::string& name, std::int64_t axis, std::int64_t most) {
    const std::string largest = name + ".largest";
    network_.nodes.push_back({.name = largest,
                              .op = "TopK",
                              .stage = std::string(kHeadStage),
                              .inputs = {x, numbers(name + ".count", {most})},
                              .outputs = {largest, largest + ".places"},
                              .attributes = {{"axis", axis}}});
    return slice(largest, name + ".last", axis, most - 1, most);
  }

  /// `x` with 0 in place of what is below the `most` largest along an axis.
  std::string best(const std::string& x, const std::string& name, std::int64_t axis, std::int64_t size,
                   std::size_t most) {
    if (std::cmp_greater_equal(most, size)) return x;
    const std::string last = last_of_best(x, name, axis, static_cast<std::int64_t>(most));
    const std::string is_best = add("GreaterOrEqual", name + ".is", {x, last});
    return add("Mul", name, {x, add("Cast", name + ".kept", {is_best}, {{"to", kFloat}})});
  }

  /// Scores (batch, boxes, classes), each map's best whatever their class.
  std::string best_of_maps(const std::string& scores, const BoxSelection& selection) {
    std::vector<std::string> maps;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < selection.boxes_of_map.size(); ++i) {
      const auto boxes = static_cast<std::int64_t>(selection.boxes_of_map[i]);
      const std::string name = fmt::format("nms.map{}", i), of_map = slice(scores, name, 1, first, first + boxes);
      const std::string flat = add("Reshape", name + ".flat", {of_map, numbers(name + ".width", {0, -1})});
      const std::string kept = best(flat, name + ".best", 1, boxes * classes_, selection.candidates_of_map);
      maps.push_back(add("Reshape", name + ".boxes", {kept, numbers(name + ".shape", {0, boxes, classes_})}));
      first += boxes;
    }
    return add("Concat", "nms.best_of_maps", maps, {{"axis", std::int64_t{1}}});
  }

  /// Of the chosen, (n, 3): example, class, box, those that are among the best of their example.
  std::string best_of_example(const std::string& chosen, const std::string& by_class, std::size_t most) {
    const std::int64_t places = count_ * classes_;
    if (std::cmp_greater_equal(most, places)) return chosen;
    const std::string all = add("GatherND", "nms.all.scores", {by_class, chosen});
    const std::string nothing =
        add("Mul", "nms.all.nothing", {by_class, constant("nms.all.zero", Tensor::scalar(0.0F))});
    const std::string told = add("ScatterND", "nms.all.told", {nothing, chosen, all});
    const std::string flat = add("Reshape", "nms.all.flat", {told, numbers("nms.all.width", {0, -1})});
    const std::string last = last_of_best(flat, "nms.all", 1, static_cast<std::int64_t>(most));
    const std::string example =
        add("Gather", "nms.all.examples", {chosen, numbers("nms.all.column", {0})}, {{"axis", std::int64_t{1}}});
    const std::string least = add("GatherND", "nms.all.least", {last, example});
    const std::string flat_least = add("Reshape", "nms.all.least.flat", {least, numbers("nms.all.one", {-1})});
    const std::string kept = add("GreaterOrEqual", "nms.all.kept", {all, flat_least});
    return add("Compress", "nms.best", {chosen, kept}, {{"axis", std::int64_t{0}}});
  }

  Graph& network_;
  std::string answer_;
  std::int64_t count_, classes_;
};

}  // namespace

Graph with_selection(Graph network, const std::string& answer, const BoxSelection& selection) {
  const auto found = std::ranges::find(network.outputs, answer, &Value::name);
  if (found == network.outputs.end() || found->shape.size() != 3 || found->shape[1].is_symbolic() ||
      found->shape[2].is_symbolic())
    throw weights_error(network.name, found == network.outputs.end() ? "no such output" : to_string(found->shape),
                        fmt::format("the output '{}' (batch, boxes, 4 + classes)", answer));
  SelectionWriter(network, Value(*found)).write(selection);  // a copy: the outputs are written anew
  check(network);
  return network;
}

}  // namespace enxerto

#include "tests/engine/torch/operator_rows.h"

namespace enxerto::testing {
namespace {

using Ints = std::vector<std::int64_t>;

Tensor whole(const Ints& numbers) {
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(numbers.size())}, numbers);
}

Attribute text(const char* value) { return std::string(value); }
Attribute number(std::int64_t value) { return value; }

std::vector<OperatorCase> layouts() {
  const Operand map{{2, 4, 3, 3}}, rows{{2, 6}};
  return {
      {.name = "Flatten", .operands = {map}},
      {.name = "Flatten_Axis", .operands = {map}, .attributes = {{"axis", number(-2)}}},
      {.name = "Reshape", .operands = {map}, .constants = {{1, whole({0, -1, 9})}}},
      {.name = "Transpose", .operands = {map}, .attributes = {{"perm", Ints{0, 2, 3, 1}}}},
      {.name = "Transpose_Reversed", .operands = {rows}},
      {.name = "Concat", .operands = {map, {{2, 2, 3, 3}}}, .attributes = {{"axis", number(1)}}},
      {.name = "Split",
       .operands = {rows},
       .attributes = {{"axis", number(1)}},
       .constants = {{1, whole({4, 2})}},
       .outputs = 2},
      {.name = "Split_Equal",
       .operands = {rows},
       .attributes = {{"axis", number(1)}, {"num_outputs", number(2)}},
       .outputs = 2},
      {.name = "Pad", .operands = {map}, .constants = {{1, whole({0, 1, 0, 2, 0, 0, 1, 0})}, {2, Tensor::scalar(0.5)}}},
      {.name = "Pad_Cut", .operands = {rows}, .constants = {{1, whole({0, -1, 1, -2})}}},
      {.name = "Pad_Reflect",
       .operands = {map},
       .attributes = {{"mode", text("reflect")}},
       .constants = {{1, whole({0, 0, 1, 2, 0, 0, 2, 1})}}},
      {.name = "Pad_Edge",
       .operands = {map},
       .attributes = {{"mode", text("edge")}},
       .constants = {{1, whole({0, 0, 1, 2, 0, 0, 2, 1})}}},
      {.name = "DepthToSpace", .operands = {map}, .attributes = {{"blocksize", number(2)}}},
      {.name = "DepthToSpace_ColumnFirst",
       .operands = {map},
       .attributes = {{"blocksize", number(2)}, {"mode", text("CRD")}}},
      {.name = "SpaceToDepth", .operands = {{{1, 2, 4, 4}}}, .attributes = {{"blocksize", number(2)}}},
      {.name = "Squeeze", .operands = {{{2, 1, 3}}}, .constants = {{1, whole({1})}}},
      {.name = "Unsqueeze", .operands = {{{2, 3}}}, .constants = {{1, whole({-1, 0})}}},
      {.name = "Expand", .operands = {{{3, 1}}}, .constants = {{1, whole({2, 1, 4})}}},
      {.name = "Tile", .operands = {{{2, 3}}}, .constants = {{1, whole({2, 1})}}},
      {.name = "Trilu", .operands = {{{3, 4}}}},
      {.name = "Trilu_Lower",
       .operands = {{{3, 4}}},
       .attributes = {{"upper", number(0)}},
       .constants = {{1, Tensor::scalar<std::int64_t>(-1)}}},
      {.name = "Cast", .operands = {rows}, .attributes = {{"to", number(11)}}, .forward_engine = false},
  };
}

std::vector<OperatorCase> indices() {
  const Operand rows{{3, 4}}, updates{{2, 4}};
  const Tensor places = Tensor::of<std::int64_t>({2, 4}, {0, 1, 2, 0, 1, 2, 0, -1});
  const Tensor corners = Tensor::of<std::int64_t>({2, 1}, {2, 0});
  return {
      {.name = "Slice",
       .operands = {rows},
       .constants = {{1, whole({1, 0})}, {2, whole({3, 4})}, {3, whole({0, 1})}, {4, whole({1, 2})}}},
      {.name = "Slice_Backwards",
       .operands = {rows},
       .constants = {{1, whole({-1})}, {2, whole({-100})}, {3, whole({1})}, {4, whole({-2})}}},
      {.name = "Gather",
       .operands = {rows},
       .attributes = {{"axis", number(1)}},
       .constants = {{1, Tensor::of<std::int64_t>({2, 2}, {0, -1, 2, 0})}}},
      {.name = "GatherElements", .operands = {rows}, .constants = {{1, places}}},
      {.name = "GatherND", .operands = {rows}, .constants = {{1, Tensor::of<std::int64_t>({2, 2}, {0, 1, 2, -1})}}},
      {.name = "GatherND_Batch",
       .operands = {rows},
       .attributes = {{"batch_dims", number(1)}},
       .constants = {{1, Tensor::of<std::int64_t>({3, 1}, {0, 3, 1})}}},
      {.name = "TopK", .operands = {rows}, .constants = {{1, whole({2})}}},
      {.name = "ScatterElements",
       .operands = {rows},
       .constants = {{1, corners}, {2, Tensor::of<double>({2, 1}, {5, 6})}}},
      {.name = "ScatterElements_Add",
       .operands = {rows},
       .attributes = {{"reduction", text("add")}},
       .constants = {{1, places}, {2, Tensor::of<double>({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}}},
      {.name = "ScatterND",
       .operands = {rows},
       .constants = {{1, corners}, {2, Tensor::of<double>({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}}},
      {.name = "ScatterND_Add",
       .operands = {rows},
       .attributes = {{"reduction", text("add")}},
       .constants = {{1, corners}, {2, Tensor::of<double>({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}},
       .forward_engine = false},
      {.name = "OneHot",
       .operands = {{{2}}},
       .constants = {{0, whole({1, -1, 7})}, {1, Tensor::scalar<std::int64_t>(3)}},
       .forward_engine = false},
  };
}

std::vector<OperatorCase> reductions() {
  std::vector<OperatorCase> cases;
  const Operand positive{{2, 3, 4}, 0.3, 2};
  for (const char* op : {"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
                         "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"}) {
    cases.push_back({.name = op, .operands = {positive}});
    cases.push_back({.name = std::string(op) + "_Axes",
                     .operands = {positive},
                     .attributes = {{"keepdims", number(0)}},
                     .constants = {{1, whole({0, -1})}}});
  }
  cases.push_back({.name = "CumSum", .operands = {positive}, .constants = {{1, Tensor::scalar<std::int64_t>(1)}}});
  cases.push_back({.name = "CumSum_Reverse",
                   .operands = {positive},
                   .attributes = {{"exclusive", number(1)}, {"reverse", number(1)}},
                   .constants = {{1, Tensor::scalar<std::int64_t>(-1)}}});
  return cases;
}

std::vector<OperatorCase> resizings() {
  const std::vector<std::pair<std::size_t, Tensor>> sizes{{3, whole({1, 2, 5, 7})}};
  const Operand map{{1, 2, 3, 4}};
  return {
      {.name = "Resize", .operands = {map}, .constants = {{2, Tensor::of<float>({4}, {1, 1, 2, 2})}}},
      {.name = "Resize_Linear", .operands = {map}, .attributes = {{"mode", text("linear")}}, .constants = sizes},
      {.name = "Resize_Corners",
       .operands = {map},
       .attributes = {{"mode", text("linear")}, {"coordinate_transformation_mode", text("align_corners")}},
       .constants = sizes},
      {.name = "Resize_Cubic", .operands = {map}, .attributes = {{"mode", text("cubic")}}, .constants = sizes},
      {.name = "Resize_Asymmetric",
       .operands = {map},
       .attributes = {{"nearest_mode", text("floor")}, {"coordinate_transformation_mode", text("asymmetric")}},
       .constants = sizes},
  };
}

}  // namespace

std::vector<OperatorCase> moving_cases() {
  std::vector<OperatorCase> all;
  for (const auto& family : {layouts(), indices(), reductions(), resizings()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

}  // namespace enxerto::testing

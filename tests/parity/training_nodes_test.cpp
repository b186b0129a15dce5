#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/operator.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/infer.h"
#include "enxerto/onnx/import.h"
#include "tests/parity/node_cases.h"

namespace enxerto {
namespace {

class TrainingNode : public ::testing::TestWithParam<std::string> {};

TEST_P(TrainingNode, GivesWhatTheStandardSays) {
  const NodeCase known = node_case(GetParam());
  const OnnxModel model = parse_onnx(known.model, GetParam(), "");
  std::vector<at::Tensor> inputs;
  for (const Tensor& input : known.inputs) inputs.push_back(view_of(input));
  GraphRunner runner(model.graph, {});
  const at::NoGradGuard no_gradients;
  std::vector<Tensor> found;
  for (const at::Tensor& output : runner.run(inputs, {})) found.push_back(copy_of(output));
  expect_outputs(found, known);
}

INSTANTIATE_TEST_SUITE_P(OnnxNodes, TrainingNode, ::testing::ValuesIn(node_case_names()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto

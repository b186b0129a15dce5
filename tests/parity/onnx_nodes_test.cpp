#include <gtest/gtest.h>

#include "enxerto/engine/executor.h"
#include "enxerto/onnx/import.h"
#include "tests/engine/named.h"
#include "tests/parity/node_cases.h"

namespace enxerto {
namespace {

class OnnxNode : public ::testing::TestWithParam<std::string> {};

TEST_P(OnnxNode, GivesWhatTheStandardSays) {
  const NodeCase known = node_case(GetParam());
  const OnnxModel model = parse_onnx(known.model, GetParam(), "");
  const auto executor = compile(model.graph, {.threads = 1, .streams = 1});
  expect_outputs(testing::tensors_of(executor->run(testing::named(model.graph, known.inputs))), known);
}

INSTANTIATE_TEST_SUITE_P(OnnxNodes, OnnxNode, ::testing::ValuesIn(node_case_names()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto

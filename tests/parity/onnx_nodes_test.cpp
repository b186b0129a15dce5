#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <string>

#include "enxerto/engine/executor.h"
#include "enxerto/onnx/import.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// The node tests of the package `onnx`, as tools/parity/onnx_nodes.py packs them: a model, its inputs and its outputs
/// under the name of each case. The small part that is checked in, or the file that the environment names.
const StateDict& cases() {
  static const StateDict all = [] {
    const char* other = std::getenv("ENXERTO_ONNX_NODES");
    return read_safetensors(other == nullptr ? std::string(ENXERTO_TEST_DATA) + "/onnx/nodes.safetensors" : other);
  }();
  return all;
}

std::vector<std::string> case_names() {
  std::set<std::string> names;
  for (const auto& [name, _] : cases()) names.insert(name.substr(0, name.find('/')));
  return {names.begin(), names.end()};
}

std::vector<Tensor> tensors_of(const std::string& prefix) {
  std::vector<Tensor> tensors;
  for (std::size_t i = 0;; ++i) {
    const Tensor* tensor = cases().find(prefix + std::to_string(i));
    if (tensor == nullptr) return tensors;
    tensors.push_back(*tensor);
  }
}

double value_at(const Tensor& tensor, std::size_t i) {
  switch (tensor.dtype()) {
    case DType::f64:
      return tensor.as<double>()[i];
    case DType::i64:
      return static_cast<double>(tensor.as<std::int64_t>()[i]);
    case DType::u64:
      return static_cast<double>(tensor.as<std::uint64_t>()[i]);
    default:
      return static_cast<double>(tensor.to_float32().as<float>()[i]);
  }
}

class OnnxNode : public ::testing::TestWithParam<std::string> {};

TEST_P(OnnxNode, GivesWhatTheStandardSays) {
  const OnnxModel model = parse_onnx(cases().at(GetParam() + "/model").bytes(), GetParam(), "");
  const std::vector<Tensor> inputs = tensors_of(GetParam() + "/input");
  const std::vector<Tensor> wanted = tensors_of(GetParam() + "/output");
  const auto tolerance = cases().at(GetParam() + "/tolerance").as<double>();
  const std::vector<Tensor> found = compile(model.graph, {.threads = 1, .streams = 1})->run(inputs);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t output = 0; output < wanted.size(); ++output) {
    EXPECT_EQ(found[output].dtype(), wanted[output].dtype());
    ASSERT_EQ(found[output].shape(), wanted[output].shape());
    for (std::size_t i = 0; i < wanted[output].size(); ++i) {
      const double expected = value_at(wanted[output], i);
      const double actual = value_at(found[output], i);
      const bool same = expected == actual || (std::isnan(expected) && std::isnan(actual)) ||
                        std::abs(actual - expected) <= tolerance[1] + tolerance[0] * std::abs(expected);
      ASSERT_TRUE(same) << "output " << output << " element " << i << ": " << actual << " for " << expected;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OnnxNodes, OnnxNode, ::testing::ValuesIn(case_names()),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto

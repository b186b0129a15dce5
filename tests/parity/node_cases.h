#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "enxerto/weights/safetensors.h"

namespace enxerto {

/// The node tests of the package `onnx`, as tools/parity/onnx_nodes.py packs them: a model, its inputs and its outputs
/// under the name of each case. The small part that is checked in, or the file that the environment names.
inline const StateDict& node_cases() {
  static const StateDict all = [] {
    const char* other = std::getenv("ENXERTO_ONNX_NODES");
    return read_safetensors(other == nullptr ? std::string(ENXERTO_TEST_DATA "/onnx/nodes.safetensors") : other);
  }();
  return all;
}

inline std::vector<std::string> node_case_names() {
  std::set<std::string> names;
  for (const auto& [name, _] : node_cases()) names.insert(name.substr(0, name.find('/')));
  return {names.begin(), names.end()};
}

struct NodeCase {
  std::span<const std::byte> model;
  std::vector<Tensor> inputs, outputs;
  double relative = 0, absolute = 0;  ///< tolerances
};

inline NodeCase node_case(const std::string& name) {
  const auto tensors_of = [](const std::string& prefix) {
    std::vector<Tensor> tensors;
    for (std::size_t i = 0;; ++i) {
      const Tensor* tensor = node_cases().find(prefix + std::to_string(i));
      if (tensor == nullptr) return tensors;
      tensors.push_back(*tensor);
    }
  };
  const auto tolerance = node_cases().at(name + "/tolerance").as<double>();
  return {.model = node_cases().at(name + "/model").bytes(),
          .inputs = tensors_of(name + "/input"),
          .outputs = tensors_of(name + "/output"),
          .relative = tolerance[0],
          .absolute = tolerance[1]};
}

inline double value_at(const Tensor& tensor, std::size_t i) {
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

inline void expect_outputs(const std::vector<Tensor>& found, const NodeCase& known) {
  ASSERT_EQ(found.size(), known.outputs.size());
  for (std::size_t output = 0; output < found.size(); ++output) {
    const Tensor& wanted = known.outputs[output];
    EXPECT_EQ(found[output].dtype(), wanted.dtype());
    ASSERT_EQ(found[output].shape(), wanted.shape());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double expected = value_at(wanted, i);
      const double actual = value_at(found[output], i);
      const bool same = expected == actual || (std::isnan(expected) && std::isnan(actual)) ||
                        std::abs(actual - expected) <= known.absolute + known.relative * std::abs(expected);
      ASSERT_TRUE(same) << "output " << output << " element " << i << ": " << actual << " for " << expected;
    }
  }
}

}  // namespace enxerto

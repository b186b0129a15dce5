#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/torch/graph_runner.h"
#include "enxerto/engine/torch/tensors.h"
#include "enxerto/graph/infer.h"
#include "enxerto/weights/safetensors.h"
#include "tests/engine/named.h"

namespace enxerto {
namespace {

/// Two bidirectional layers of PyTorch's and a batch of three lengths (tools/golden/recurrent_operators.py).
struct RecurrentGolden {
  std::string op;
  std::vector<std::int64_t> order;  ///< PyTorch's place of each of ONNX's gates
  StateDict file;

  explicit RecurrentGolden(const std::string& name) : op(name == "lstm" ? "LSTM" : "GRU") {
    order = op == "LSTM" ? std::vector<std::int64_t>{0, 3, 1, 2} : std::vector<std::int64_t>{1, 0, 2};
    file = read_safetensors(ENXERTO_TEST_DATA "/recurrent/" + name + ".safetensors");
  }

  at::Tensor tensor(const std::string& name) const { return view_of(file.at(name)); }

  /// A parameter of both directions as ONNX has it; `prefix` for the gradients.
  at::Tensor in_onnx_order(const std::string& prefix, const std::string& kind, int layer) const {
    std::vector<at::Tensor> directions;
    for (const char* suffix : {"", "_reverse"}) {
      const at::Tensor whole = tensor(prefix + kind + "_l" + std::to_string(layer) + suffix);
      const std::vector<at::Tensor> gates = at::chunk(whole, static_cast<std::int64_t>(order.size()), 0);
      std::vector<at::Tensor> ordered;
      for (const std::int64_t gate : order) ordered.push_back(gates.at(static_cast<std::size_t>(gate)));
      directions.push_back(at::cat(ordered, 0));
    }
    return at::stack(directions, 0);
  }

  at::Tensor parameter(const std::string& prefix, char role, int layer) const {
    if (role == 'W') return in_onnx_order(prefix, "weight_ih", layer);
    if (role == 'R') return in_onnx_order(prefix, "weight_hh", layer);
    return at::cat({in_onnx_order(prefix, "bias_ih", layer), in_onnx_order(prefix, "bias_hh", layer)}, 1);
  }

  Graph graph() const {
    using Ints = std::vector<std::int64_t>;
    Graph net;
    net.name = op;
    net.inputs = {{"x", DType::f32, {"length", "batch", 3}}, {"lengths", DType::i32, {"batch"}}};
    net.nodes.push_back(
        {"flat", "Constant", "all", {}, {"flat"}, {{"value", Tensor::of<std::int64_t>({3}, Ints{0, 0, -1})}}});
    std::string rows = "x";
    for (const int layer : {0, 1}) {
      const std::string number = std::to_string(layer);
      std::vector<std::string> inputs{rows};
      for (const char role : {'W', 'R', 'B'}) {
        inputs.push_back(role + number);
        net.parameters.set(inputs.back(), copy_of(parameter("", role, layer)));
      }
      inputs.emplace_back("lengths");
      std::vector<std::string> outputs{"y" + number, "h" + number};
      Attributes attributes{{"direction", std::string("bidirectional")}, {"hidden_size", std::int64_t{2}}};
      if (op == "LSTM") outputs.push_back("c" + number);
      if (op == "GRU") attributes["linear_before_reset"] = std::int64_t{1};
      net.nodes.push_back({"rnn" + number, op, "all", inputs, outputs, attributes});
      net.nodes.push_back(
          {"turn" + number, "Transpose", "all", {outputs[0]}, {"turned" + number}, {{"perm", Ints{0, 2, 1, 3}}}});
      rows = "rows" + number;
      net.nodes.push_back({rows, "Reshape", "all", {"turned" + number, "flat"}, {rows}, {}});
    }
    for (const char* name : {"rows1", "h0", "h1"}) net.outputs.push_back({name, DType::f32, {}});
    if (op == "LSTM") net.outputs.insert(net.outputs.end(), {{"c0", DType::f32, {}}, {"c1", DType::f32, {}}});
    const ValueTypes types = infer_shapes(net);
    for (Value& output : net.outputs) output.shape = types.at(output.name).shape;
    return net;
  }

  /// The values of `graph`'s outputs, from PyTorch.
  std::vector<at::Tensor> wanted() const {
    std::vector<at::Tensor> all{tensor("rows")};
    for (const char* state : {"h", "c"})
      if (file.find(state) != nullptr)
        for (const at::Tensor& layer : at::chunk(tensor(state), 2, 0)) all.push_back(layer);
    return all;
  }
};

void expect_near(const at::Tensor& found, const at::Tensor& wanted, const std::string& what) {
  ASSERT_EQ(found.sizes(), wanted.sizes()) << what;
  EXPECT_TRUE(at::allclose(found, wanted, 1e-4, 2e-6)) << what << found << wanted;
}

std::vector<Tensor> run_forward(const Graph& graph, const at::Tensor& rows, const at::Tensor& lengths) {
  const auto executor = compile(graph, {.threads = 1, .streams = 1});
  return testing::tensors_of(executor->run({{"x", copy_of(rows)}, {"lengths", copy_of(lengths)}}));
}

class RecurrentOperator : public ::testing::TestWithParam<std::string> {};

TEST_P(RecurrentOperator, GivesWhatPyTorchGivesForPackedRowsInBothEngines) {
  const RecurrentGolden golden(GetParam());
  const Graph graph = golden.graph();
  const std::vector<Tensor> forward = run_forward(graph, golden.tensor("x"), golden.tensor("lengths"));
  GraphRunner runner(graph, {});
  const at::NoGradGuard no_gradients;
  const std::vector<at::Tensor> training =
      runner.run(std::vector<at::Tensor>{golden.tensor("x"), golden.tensor("lengths")}, {});
  const std::vector<at::Tensor> wanted = golden.wanted();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    expect_near(view_of(forward.at(i)), wanted[i], "forward " + graph.outputs[i].name);
    expect_near(training.at(i), wanted[i], "training " + graph.outputs[i].name);
  }
}

TEST_P(RecurrentOperator, HasPyTorchsGradients) {
  const RecurrentGolden golden(GetParam());
  GraphRunner runner(golden.graph(), {});
  for (const std::string& name : runner.parameter_names()) runner.parameter(name).requires_grad_(true);
  const at::Tensor rows = runner.run(std::vector<at::Tensor>{golden.tensor("x"), golden.tensor("lengths")}, {}).at(0);
  const at::Tensor places = at::arange(rows.numel(), at::kFloat).reshape(rows.sizes());
  torch::autograd::backward({at::sum(at::mul(rows, at::cos(at::add(at::mul(places, 0.7), 0.3))))}, {});
  for (const int layer : {0, 1})
    for (const char role : {'W', 'R', 'B'}) {
      const std::string name = role + std::to_string(layer);
      expect_near(runner.parameter(name).grad(), golden.parameter("gradient.", role, layer), name);
    }
}

TEST_P(RecurrentOperator, AnswersTheSameHoweverMuchPaddingThereIs) {
  const RecurrentGolden golden(GetParam());
  const Graph graph = golden.graph();
  const at::Tensor noise = at::full({4, 3, 3}, 3.0F), rows = at::cat({golden.tensor("x"), noise}, 0);
  const std::vector<Tensor> forward = run_forward(graph, rows, golden.tensor("lengths"));
  GraphRunner runner(graph, {});
  const at::NoGradGuard no_gradients;
  const std::vector<at::Tensor> training = runner.run(std::vector<at::Tensor>{rows, golden.tensor("lengths")}, {});
  const std::vector<at::Tensor> wanted = golden.wanted();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const at::Tensor expected = i == 0 ? at::constant_pad_nd(wanted[0], {0, 0, 0, 0, 0, 4}, 0) : wanted[i];
    expect_near(view_of(forward.at(i)), expected, "forward " + graph.outputs[i].name);
    expect_near(training.at(i), expected, "training " + graph.outputs[i].name);
  }
}

INSTANTIATE_TEST_SUITE_P(PyTorchs, RecurrentOperator, ::testing::Values("lstm", "gru"),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto

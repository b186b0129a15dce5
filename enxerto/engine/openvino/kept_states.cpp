#include "enxerto/engine/openvino/kept_states.h"

#include <openvino/op/assign.hpp>
#include <openvino/op/broadcast.hpp>
#include <openvino/op/concat.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/read_value.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/shape_of.hpp>
#include <openvino/op/util/variable.hpp>
#include <openvino/runtime/infer_request.hpp>

#include "enxerto/base/error.h"
#include "enxerto/base/memory_message.h"
#include "enxerto/engine/openvino/tensor_views.h"

namespace enxerto {
namespace {

using Parameter = ov::op::v0::Parameter;
using ov::op::v0::Constant;

std::shared_ptr<Parameter> input_named(ov::Model& model, const std::string& name) {
  return ov::as_type_ptr<Parameter>(model.input(name).get_node_shared_ptr());
}

/// Zeros of the shape of `value`: as many examples as `examples` says, (1), and none of what else is open.
ov::Output<ov::Node> beginning_of(const Parameter& value, std::size_t batch, const ov::Output<ov::Node>& examples) {
  const ov::PartialShape& shape = value.get_partial_shape();
  ov::OutputVector sizes;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::int64_t fixed = shape[d].is_static() ? shape[d].get_length() : 0;
    sizes.push_back(d == batch ? examples : Constant::create(ov::element::i64, {1}, {fixed}));
  }
  const auto zero = Constant::create(value.get_element_type(), {}, {0});
  return std::make_shared<ov::op::v3::Broadcast>(zero, std::make_shared<ov::op::v0::Concat>(sizes, 0));
}

void keep(ov::Model& model, const KeptState& state, const std::shared_ptr<Parameter>& from) {
  const std::shared_ptr<Parameter> input = input_named(model, state.input);
  const ov::Output<ov::Node> output = model.output(state.output);
  const auto result = ov::as_type_ptr<ov::op::v0::Result>(output.get_node_shared_ptr());
  const auto examples = std::make_shared<ov::op::v3::ShapeOf>(from, ov::element::i64);
  const auto variable = std::make_shared<ov::op::util::Variable>(
      ov::op::util::VariableInfo{input->get_partial_shape(), input->get_element_type(), state.input});
  const auto read =
      std::make_shared<ov::op::v6::ReadValue>(beginning_of(*input, state.batch_dimension, examples), variable);
  const auto axis = Constant::create(ov::element::i64, {}, {state.batch_dimension});
  const auto chosen = std::make_shared<ov::op::v8::Gather>(read, from, axis);
  const ov::Output<ov::Node> left = result->input_value(0);
  input->output(0).replace(chosen->output(0));
  const auto assign =
      std::make_shared<ov::op::v6::Assign>(left == input->output(0) ? chosen->output(0) : left, variable);
  model.add_sinks({assign});
  model.add_variables({variable});
  model.remove_parameter(input);
  model.remove_result(result);
}

class OpenVinoSequence final : public StatefulNetwork::Sequence {
 public:
  OpenVinoSequence(const ov::CompiledModel& model, std::string where)
      : request_(ov::CompiledModel(model).create_infer_request()),
        outputs_(model.outputs().size()),
        where_(std::move(where)) {}

  std::vector<Tensor> step(std::span<const Tensor> inputs, std::span<const std::int32_t> from) override {
    try {
      for (std::size_t i = 0; i < inputs.size(); ++i) request_.set_input_tensor(i, view_of(inputs[i]));
      request_.set_input_tensor(
          inputs.size(), ov::Tensor(ov::element::i32, ov::Shape{from.size()}, const_cast<std::int32_t*>(from.data())));
      request_.infer();
      std::vector<Tensor> answers;
      for (std::size_t i = 0; i < outputs_; ++i) answers.push_back(copy_of(request_.get_output_tensor(i)));
      return answers;
    } catch (const ov::Exception& error) {
      const ErrorKind kind = says_memory_is_short(error.what()) ? ErrorKind::memory : ErrorKind::other;
      throw Error(kind, {.where = where_,
                         .found = std::string("the engine failed: ") + error.what(),
                         .tip = "fewer examples at once, if memory is short"});
    }
  }

 private:
  ov::InferRequest request_;
  std::size_t outputs_;
  std::string where_;
};

class OpenVinoStatefulNetwork final : public StatefulNetwork {
 public:
  OpenVinoStatefulNetwork(ov::CompiledModel model, std::string where)
      : model_(std::move(model)), where_(std::move(where)) {}
  std::unique_ptr<Sequence> begin() override { return std::make_unique<OpenVinoSequence>(model_, where_); }

 private:
  ov::CompiledModel model_;
  std::string where_;
};

}  // namespace

void keep_states(ov::Model& model, std::span<const KeptState> kept) {
  const auto from = std::make_shared<Parameter>(ov::element::i32, ov::PartialShape{-1});
  from->set_friendly_name("from");
  from->output(0).set_names({"from"});
  model.add_parameters({from});
  for (const KeptState& state : kept) keep(model, state, from);
  model.validate_nodes_and_infer_types();
}

std::unique_ptr<StatefulNetwork> make_stateful_network(const ov::CompiledModel& model, const std::string& where) {
  return std::make_unique<OpenVinoStatefulNetwork>(model, where);
}

}  // namespace enxerto

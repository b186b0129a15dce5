#include "enxerto/engine/torch/depthwise_convolution.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <vector>

#include "enxerto/engine/torch/autocast.h"
#include "enxerto/engine/torch/depthwise_windows.h"

namespace enxerto {
namespace {

struct DepthwiseForm {
  std::int64_t channels, rows, columns;
  Ints kernel, strides, dilations, begins, ends;
};

/// Of kernels of all small sizes, whole and broken groups of channels, paddings of PyTorch and of TensorFlow.
std::vector<DepthwiseForm> depthwise_forms() {
  return {{16, 6, 7, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}},  {20, 9, 9, {5, 5}, {2, 2}, {1, 1}, {1, 1}, {2, 2}},
          {32, 3, 3, {5, 5}, {1, 1}, {1, 1}, {2, 2}, {2, 2}},  {3, 8, 5, {1, 7}, {1, 2}, {1, 1}, {0, 3}, {0, 3}},
          {48, 10, 4, {4, 2}, {3, 1}, {1, 1}, {0, 0}, {1, 1}}, {17, 12, 11, {3, 3}, {1, 1}, {2, 3}, {2, 3}, {2, 3}},
          {33, 7, 7, {3, 3}, {2, 2}, {2, 2}, {2, 2}, {1, 3}},  {2, 5, 5, {1, 1}, {2, 2}, {1, 1}, {0, 0}, {0, 0}},
          {24, 9, 8, {3, 3}, {1, 1}, {1, 1}, {-1, 0}, {0, -2}}};
}

at::Tensor depthwise_numbers(at::IntArrayRef shape, double seed) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return at::sin(at::arange(count, at::kDouble) * 1.13 + seed).reshape(shape).to(at::kBFloat16).to(at::kDouble);
}

std::vector<at::Tensor> depthwise_inputs(const DepthwiseForm& shape, at::ScalarType type) {
  std::vector<at::Tensor> all{depthwise_numbers({4, shape.channels, shape.rows, shape.columns}, 0.1),
                              depthwise_numbers({shape.channels, 1, shape.kernel[0], shape.kernel[1]}, 0.7),
                              depthwise_numbers({shape.channels}, 1.3)};
  for (at::Tensor& tensor : all) tensor = tensor.to(type).detach().set_requires_grad(true);
  return all;
}

/// What the convolution gives, and gradients of a weighted sum of it.
std::vector<at::Tensor> depthwise_results(std::vector<at::Tensor> in, const at::Tensor& y) {
  torch::autograd::backward({(y * depthwise_numbers(y.sizes(), 2.0).to(y.scalar_type())).sum()}, {});
  std::vector<at::Tensor> all{y.detach()};
  for (const at::Tensor& tensor : in) all.push_back(tensor.grad());
  return all;
}

Window window_of(const DepthwiseForm& shape) {
  Window window;
  window.kernel = shape.kernel;
  window.strides = shape.strides;
  window.dilations = shape.dilations;
  return window;
}

std::vector<at::Tensor> depthwise_by_definition(const DepthwiseForm& shape) {
  const auto in = depthwise_inputs(shape, at::kDouble);
  const at::Tensor x = at::constant_pad_nd(in[0], {shape.begins[1], shape.ends[1], shape.begins[0], shape.ends[0]});
  return depthwise_results(in, at::conv2d(x, in[1], in[2], shape.strides, Ints{0, 0}, shape.dilations, shape.channels));
}

std::vector<at::Tensor> depthwise_found(const DepthwiseForm& shape) {
  const auto in = depthwise_inputs(shape, at::kFloat);
  EXPECT_TRUE(has_depthwise_gradients(in[0], in[1], shape.channels));
  const Window window = window_of(shape);
  return depthwise_results(in, depthwise_convolution(in[0], in[1], in[2], window, {shape.begins, shape.ends}));
}

void expect_depthwise(const std::vector<at::Tensor>& found, const std::vector<at::Tensor>& wanted, double tolerance) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].sizes(), wanted[i].sizes());
    const double size = std::max(1.0, wanted[i].abs().max().item<double>());
    EXPECT_LT((found[i].to(at::kDouble) - wanted[i]).abs().max().item<double>(), tolerance * size) << i;
  }
}

TEST(DepthwiseConvolution, HasTheValuesAndGradientsOfTheDefinition) {
  for (const DepthwiseForm& shape : depthwise_forms())
    expect_depthwise(depthwise_found(shape), depthwise_by_definition(shape), 1e-5);
}

TEST(DepthwiseConvolution, OfNarrowMapsHasGradientsOfWeightsThatAreNotRoundedAgain) {
  const Autocast narrow(true, at::kCPU);
  for (const DepthwiseForm& shape : depthwise_forms()) {
    const auto found = depthwise_found(shape), wanted = depthwise_by_definition(shape);
    expect_depthwise({found[0], found[1], found[3]}, {wanted[0], wanted[1], wanted[3]}, 1e-2);
    EXPECT_EQ(found[0].scalar_type(), at::kBFloat16);
    EXPECT_EQ(found[2].scalar_type(), at::kFloat);
  }
}

TEST(DepthwiseConvolution, HasTheGradientsThatAreWantedOnly) {
  const DepthwiseForm shape = depthwise_forms()[1];
  for (const std::size_t frozen : {0, 1}) {
    auto in = depthwise_inputs(shape, at::kFloat);
    in[frozen].set_requires_grad(false);
    const Window window = window_of(shape);
    const at::Tensor y = depthwise_convolution(in[0], in[1], std::nullopt, window, {shape.begins, shape.ends});
    torch::autograd::backward({y.sum()}, {});
    EXPECT_FALSE(in[frozen].grad().defined());
    EXPECT_TRUE(in[1 - frozen].grad().defined());
  }
}

TEST(DepthwiseConvolution, IsNoneOfSharedKernelsNorWithoutGradients) {
  const at::Tensor x = at::ones({1, 4, 5, 5}), weight = at::ones({4, 1, 3, 3});
  EXPECT_FALSE(has_depthwise_gradients(x, weight, 4));
  const at::Tensor learned = at::ones({4, 1, 3, 3}).set_requires_grad(true);
  EXPECT_TRUE(has_depthwise_gradients(x, learned, 4));
  EXPECT_FALSE(has_depthwise_gradients(x, at::ones({8, 1, 3, 3}).set_requires_grad(true), 4));
  EXPECT_FALSE(has_depthwise_gradients(x, at::ones({4, 2, 3, 3}).set_requires_grad(true), 2));
  EXPECT_FALSE(has_depthwise_gradients(x.to(at::kDouble), learned, 4));
}

/// Whole numbers of which all sums are exact, so that no order of them matters.
TEST(DepthwiseGradients, AreTheSameOnEveryInstructionSet) {
  const at::Tensor x = at::remainder(at::arange(2 * 6 * 5 * 19), 7).to(at::kFloat).reshape({2, 6, 5, 19});
  const at::Tensor change = at::remainder(at::arange(2 * 3 * 3 * 19), 5).to(at::kFloat).reshape({2, 3, 3, 19});
  const at::Tensor weights = at::remainder(at::arange(9 * 19), 4).to(at::kFloat).reshape({3, 3, 19});
  std::vector<at::Tensor> of_inputs, of_weights;
  for (const bool narrow : {false, true}) {
    for (const DepthwiseGradients* set : {&kDepthwiseGradientsSse2, &depthwise_gradients()}) {
      const at::ScalarType type = narrow ? at::kBFloat16 : at::kFloat;
      const at::Tensor maps = x.to(type), said = change.to(type);
      at::Tensor of_input = at::empty_like(maps), of_weight = at::empty_like(weights);
      const DepthwiseWindows windows{.examples = 2,
                                     .channels = 19,
                                     .rows = 6,
                                     .columns = 5,
                                     .out_rows = 3,
                                     .out_columns = 3,
                                     .kernel_rows = 3,
                                     .kernel_columns = 3,
                                     .row_stride = 2,
                                     .column_stride = 2,
                                     .above = 0,
                                     .left = 1,
                                     .narrow = narrow,
                                     .input = maps.const_data_ptr(),
                                     .change = said.const_data_ptr(),
                                     .weights = weights.const_data_ptr<float>(),
                                     .of_input = of_input.mutable_data_ptr(),
                                     .of_weights = of_weight.mutable_data_ptr<float>()};
      for (std::int64_t first = 0; first < 19; first += kDepthwiseGroup) set->group(windows, first);
      of_inputs.push_back(of_input.to(at::kFloat));
      of_weights.push_back(of_weight);
    }
  }
  for (const auto* all : {&of_inputs, &of_weights})
    for (const at::Tensor& one : *all) EXPECT_TRUE(at::equal(one, all->front()));
}

}  // namespace
}  // namespace enxerto

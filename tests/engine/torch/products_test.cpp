#include "enxerto/engine/torch/products.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <vector>

namespace enxerto {
namespace {

at::Tensor waves(at::IntArrayRef shape, double seed) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return at::sin(at::arange(count, at::kDouble) * 0.73 + seed).reshape(shape).to(at::kFloat).to(at::kDouble);
}

double apart(const at::Tensor& found, const at::Tensor& wanted) {
  return (found.to(at::kDouble) - wanted).abs().max().item<double>() / std::max(1.0, wanted.abs().max().item<double>());
}

TEST(Product, IsThatOfMatricesAndOfTheirTransposes) {
  const at::Tensor a = waves({70, 33}, 0.1), b = waves({33, 50}, 0.4);
  const at::Tensor wanted = at::mm(a, b), x = a.to(at::kFloat), y = b.to(at::kFloat);
  const at::Tensor turned_x = x.t().contiguous().t(), turned_y = y.t().contiguous().t();
  for (const at::Tensor& left : {x, turned_x})
    for (const at::Tensor& right : {y, turned_y}) EXPECT_LT(apart(matrix_product(left, right), wanted), 1e-5);
}

TEST(Product, OfPartsOfLargerMatricesIsTheirs) {
  const at::Tensor a = waves({80, 90}, 0.2), b = waves({60, 70}, 0.8);
  const at::Tensor some = a.narrow(0, 5, 40).narrow(1, 7, 60), wanted = at::mm(some, b);
  const at::Tensor large = a.to(at::kFloat);
  EXPECT_LT(apart(matrix_product(large.narrow(0, 5, 40).narrow(1, 7, 60), b.to(at::kFloat)), wanted), 1e-5);
}

/// Result and gradients of a weighted sum of it.
std::vector<at::Tensor> dense_and_gradients(at::ScalarType type, bool bias, const std::vector<std::int64_t>& shape,
                                            at::Tensor (*dense)(const at::Tensor&, const at::Tensor&,
                                                                const std::optional<at::Tensor>&)) {
  std::vector<at::Tensor> in{waves(shape, 0.3), waves({40, shape.back()}, 0.9)};
  if (bias) in.push_back(waves({40}, 1.2));
  for (at::Tensor& tensor : in) tensor = tensor.to(type).detach().set_requires_grad(true);
  const at::Tensor y = dense(in[0], in[1], bias ? std::optional(in[2]) : std::nullopt);
  torch::autograd::backward({(y * waves(y.sizes(), 2.0).to(type)).sum()}, {});
  std::vector<at::Tensor> all{y.detach()};
  for (const at::Tensor& tensor : in) all.push_back(tensor.grad());
  return all;
}

TEST(DenseProduct, HasValuesAndGradientsOfLinear) {
  for (const std::vector<std::int64_t>& shape :
       {std::vector<std::int64_t>{64, 48}, {3, 20, 48}, {2, 3, 5, 48}, {1, 2}, {0, 48}}) {
    for (const bool bias : {false, true}) {
      const auto found = dense_and_gradients(at::kFloat, bias, shape, dense_product);
      const auto wanted = dense_and_gradients(at::kDouble, bias, shape, at::linear);
      for (std::size_t i = 0; i < found.size(); ++i) {
        ASSERT_EQ(found[i].sizes(), wanted[i].sizes());
        if (found[i].numel() == 0) continue;
        EXPECT_LT(apart(found[i], wanted[i]), 2e-6) << "value " << i << " of " << shape.size() << " dimensions";
      }
    }
  }
}

TEST(DenseProduct, MayBeOverwrittenByWhatFollowsThem) {
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{64, 128}, {4, 16, 128}}) {
    at::Tensor weight = waves({96, 128}, 0.9).to(at::kFloat).detach().set_requires_grad(true);
    at::Tensor y = dense_product(waves(shape, 0.3).to(at::kFloat), weight, std::nullopt);
    ASSERT_NO_THROW(at::relu_(y)) << "as in a layer with ReLU";
    torch::autograd::backward({y.sum()}, {});
    EXPECT_GT(weight.grad().abs().sum().item<double>(), 0);
  }
}

}  // namespace
}  // namespace enxerto

#include "enxerto/zoo/inception_v3.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kEpsilon = 1e-3F;
constexpr std::int64_t kMinimumSize = 75;

/// Keras's network has no scales in its normalisations, and its average pooling does not count the padding.
class Net : public GraphBuilder {
 public:
  Net(std::string name, bool keras) : GraphBuilder(std::move(name)), keras_(keras) {}
  bool keras() const { return keras_; }

 private:
  bool keras_;
};

/// Convolution name.conv, batch normalisation name.bn and ReLU. Behind the stem, padding goes with stride 1.
struct Unit {
  std::string name;
  std::int64_t out = 0;
  std::int64_t height = 1, width = 1;
  std::int64_t stride = 1;
  Padding padding = Padding::centered;
};
using Branch = std::vector<Unit>;

std::string normalised(Net& net, const std::string& x, const std::string& name) {
  if (!net.keras()) return net.batch_norm(x, name, kEpsilon);
  const std::int64_t count = net.shape_of(x)[1].size;
  const std::vector<float> ones(to_size(count), 1.0F);
  return net.add("BatchNormalization", name,
                 {x, net.constant(Tensor::of<float>({count}, std::span<const float>(ones))),
                  net.parameter(name + ".bias", {count}), net.parameter(name + ".running_mean", {count}),
                  net.parameter(name + ".running_var", {count})},
                 {{"epsilon", kEpsilon}});
}

std::string add_unit(Net& net, const std::string& x, const std::string& scope, const Unit& unit) {
  const std::string name = scope + unit.name;
  const std::string y = net.conv(x, {.name = name + ".conv",
                                     .out = unit.out,
                                     .kernel = unit.height,
                                     .kernel_width = unit.width,
                                     .stride = unit.stride,
                                     .padding = unit.stride == 1 ? unit.padding : Padding::valid});
  return net.relu(normalised(net, y, name + ".bn"), name + ".relu");
}

std::string add_branch(Net& net, std::string x, const std::string& scope, const Branch& branch) {
  for (const Unit& unit : branch) x = add_unit(net, x, scope, unit);
  return x;
}

std::string concat(Net& net, const std::string& name, std::vector<std::string> parts) {
  return net.add("Concat", name, std::move(parts), {{"axis", std::int64_t{1}}});
}

std::string max_pool(Net& net, const std::string& x, const std::string& name) {
  return net.add("MaxPool", name, {x}, {{"kernel_shape", Ints{3, 3}}, {"strides", Ints{2, 2}}});
}

/// PyTorch's default is that the padding counts as zeros.
std::string pool_branch(Net& net, const std::string& x, const std::string& scope, std::int64_t out) {
  const std::string pooled = net.add("AveragePool", scope + "pool", {x},
                                     {{"kernel_shape", Ints{3, 3}},
                                      {"strides", Ints{1, 1}},
                                      {"pads", Ints(4, 1)},
                                      {"count_include_pad", std::int64_t{net.keras() ? 0 : 1}}});
  return add_unit(net, pooled, scope, {.name = "branch_pool", .out = out});
}

std::string add_a(Net& net, const std::string& x, const std::string& scope, std::int64_t pooled) {
  return concat(
      net, scope + "concat",
      {add_branch(net, x, scope, {{"branch1x1", 64}}),
       add_branch(net, x, scope, {{"branch5x5_1", 48}, {"branch5x5_2", 64, 5, 5}}),
       add_branch(net, x, scope, {{"branch3x3dbl_1", 64}, {"branch3x3dbl_2", 96, 3, 3}, {"branch3x3dbl_3", 96, 3, 3}}),
       pool_branch(net, x, scope, pooled)});
}

std::string add_b(Net& net, const std::string& x, const std::string& scope) {
  return concat(net, scope + "concat",
                {add_branch(net, x, scope, {{"branch3x3", 384, 3, 3, 2}}),
                 add_branch(net, x, scope,
                            {{"branch3x3dbl_1", 64}, {"branch3x3dbl_2", 96, 3, 3}, {"branch3x3dbl_3", 96, 3, 3, 2}}),
                 max_pool(net, x, scope + "pool")});
}

std::string add_c(Net& net, const std::string& x, const std::string& scope, std::int64_t inner) {
  return concat(
      net, scope + "concat",
      {add_branch(net, x, scope, {{"branch1x1", 192}}),
       add_branch(net, x, scope, {{"branch7x7_1", inner}, {"branch7x7_2", inner, 1, 7}, {"branch7x7_3", 192, 7, 1}}),
       add_branch(net, x, scope,
                  {{"branch7x7dbl_1", inner},
                   {"branch7x7dbl_2", inner, 7, 1},
                   {"branch7x7dbl_3", inner, 1, 7},
                   {"branch7x7dbl_4", inner, 7, 1},
                   {"branch7x7dbl_5", 192, 1, 7}}),
       pool_branch(net, x, scope, 192)});
}

std::string add_d(Net& net, const std::string& x, const std::string& scope) {
  return concat(net, scope + "concat",
                {add_branch(net, x, scope, {{"branch3x3_1", 192}, {"branch3x3_2", 320, 3, 3, 2}}),
                 add_branch(net, x, scope,
                            {{"branch7x7x3_1", 192},
                             {"branch7x7x3_2", 192, 1, 7},
                             {"branch7x7x3_3", 192, 7, 1},
                             {"branch7x7x3_4", 192, 3, 3, 2}}),
                 max_pool(net, x, scope + "pool")});
}

/// Two kernels side by side, 1 x 3 and 3 x 1.
std::string add_fork(Net& net, const std::string& x, const std::string& scope, const std::string& name) {
  return concat(net, scope + name + ".concat",
                {add_unit(net, x, scope, {name + "a", 384, 1, 3}), add_unit(net, x, scope, {name + "b", 384, 3, 1})});
}

std::string add_e(Net& net, const std::string& x, const std::string& scope) {
  return concat(net, scope + "concat",
                {add_branch(net, x, scope, {{"branch1x1", 320}}),
                 add_fork(net, add_branch(net, x, scope, {{"branch3x3_1", 384}}), scope, "branch3x3_2"),
                 add_fork(net, add_branch(net, x, scope, {{"branch3x3dbl_1", 448}, {"branch3x3dbl_2", 384, 3, 3}}),
                          scope, "branch3x3dbl_3"),
                 pool_branch(net, x, scope, 192)});
}

std::string transform(Net& net, const std::string& x) {
  const auto row = [&](float red, float green, float blue) {
    return net.constant(Tensor::of<float>({1, 3, 1, 1}, {red, green, blue}));
  };
  const std::string scaled =
      net.add("Mul", "transform_input.scale", {x, row(0.229F / 0.5F, 0.224F / 0.5F, 0.225F / 0.5F)});
  return net.add("Add", "transform_input.shift",
                 {scaled, row((0.485F - 0.5F) / 0.5F, (0.456F - 0.5F) / 0.5F, (0.406F - 0.5F) / 0.5F)});
}

std::string add_stem(Net& net, std::string x) {
  x = add_unit(net, x, "", {"Conv2d_1a_3x3", 32, 3, 3, 2});
  x = add_unit(net, x, "", {"Conv2d_2a_3x3", 32, 3, 3, 1, Padding::valid});
  x = add_unit(net, x, "", {"Conv2d_2b_3x3", 64, 3, 3});
  x = max_pool(net, x, "maxpool1");
  x = add_unit(net, x, "", {"Conv2d_3b_1x1", 80});
  x = add_unit(net, x, "", {"Conv2d_4a_3x3", 192, 3, 3, 1, Padding::valid});
  return max_pool(net, x, "maxpool2");
}

/// A block of the network, its kind and its one number (0 where the kind has none).
struct Mixed {
  const char* name;
  std::string (*add)(Net& net, const std::string& x, const std::string& scope, std::int64_t number);
  std::int64_t number;
};

template <std::string (*add)(Net&, const std::string&, const std::string&)>
std::string plain(Net& net, const std::string& x, const std::string& scope, std::int64_t /*number*/) {
  return add(net, x, scope);
}

constexpr Mixed kMixed[] = {
    {"Mixed_5b", add_a, 32},       {"Mixed_5c", add_a, 64},       {"Mixed_5d", add_a, 64},
    {"Mixed_6a", plain<add_b>, 0}, {"Mixed_6b", add_c, 128},      {"Mixed_6c", add_c, 160},
    {"Mixed_6d", add_c, 160},      {"Mixed_6e", add_c, 192},      {"Mixed_7a", plain<add_d>, 0},
    {"Mixed_7b", plain<add_e>, 0}, {"Mixed_7c", plain<add_e>, 0},
};

void check(const InceptionV3Config& config) {
  if (config.size >= kMinimumSize && config.classes > 0) return;
  throw usage_error("inception_v3", fmt::format("{} px, {} classes", config.size, config.classes),
                    fmt::format("at least {} px and one class", kMinimumSize));
}

}  // namespace

Blueprint inception_v3(const InceptionV3Config& config) {
  check(config);
  Net net(config.keras ? "keras_inception_v3" : "inception_v3", config.keras);
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  if (config.transform_input) x = transform(net, x);
  x = add_stem(net, x);
  for (const Mixed& block : kMixed) {
    net.stage(block.name);
    x = block.add(net, x, std::string(block.name) + ".", block.number);
  }
  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "fc", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto

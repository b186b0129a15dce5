#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold.h"
#include "enxerto/zoo/inception_v3.h"
#include "enxerto/zoo/registry.h"
#include "enxerto/zoo/vgg.h"
#include "enxerto/zoo/vision_transformer.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

constexpr double kTolerance = 1e-4;  // of the largest logit

/// Largest difference to the reference's logits, relative to the largest of them.
double difference(const Tensor& logits, const Json& golden) {
  double largest = 0;
  const auto found = logits.as<float>();
  std::size_t at = 0;
  for (const Json& row : golden.at("logits"))
    for (const Json& value : row) largest = std::max(largest, std::abs(found[at++] - value.get<double>()));
  EXPECT_EQ(at, found.size());
  return largest / golden.at("scale").get<double>();
}

/// Fewer blocks than the row of the zoo has: each is like the others.
Blueprint shallow_transformer(const std::string& name, const Json& golden) {
  const bool small = name.find("vits") != std::string::npos, large = name.find("vit_l") != std::string::npos;
  const bool dino = name.starts_with("dinov2");
  using Pool = VisionTransformerConfig::Pool;
  return vision_transformer({.name = name,
                             .size = golden.at("size").get<std::int64_t>(),
                             .patch = dino ? 14 : std::stoi(name.substr(5)),
                             .width = small   ? 384
                                      : large ? 1024
                                              : 768,
                             .depth = golden.at("depth").get<std::int64_t>(),
                             .heads = small   ? 6
                                      : large ? 16
                                              : 12,
                             .layer_scale = dino,
                             .pool = name.ends_with("_lc") ? Pool::class_token_and_mean : Pool::class_token,
                             .classes = golden.at("classes").get<std::int64_t>()});
}

/// The golden's network. VGG's dense layers are narrower there, 0.2 GB less to fill and to compile.
Blueprint network_of(const std::string& name, const Json& golden) {
  const auto size = golden.at("size").get<std::int64_t>();
  const auto classes = golden.at("classes").get<std::int64_t>();
  if (golden.contains("depth") && golden.at("depth") != 12) return shallow_transformer(name, golden);
  const std::size_t family = name.find("vgg");
  if (family == std::string::npos) return find_architecture(name).build({.size = size, .classes = classes});
  return vgg({.depth = std::stoi(name.substr(family + 3, 2)),
              .batch_norm = name.ends_with("_bn"),
              .size = size,
              .classes = classes,
              .hidden = golden.at("hidden").get<std::int64_t>()});
}

class ZooParity : public ::testing::TestWithParam<std::string> {
 protected:
  ZooParity()
      : golden_(read_json(std::string(ENXERTO_TEST_DATA "/zoo/") + GetParam() + ".json", 1 << 20)),
        blueprint_(network_of(GetParam(), golden_)),
        graph_(blueprint_.fill(formula::weights(blueprint_))) {}

  Tensor input() const {
    return formula::input(static_cast<std::int64_t>(golden_.at("logits").size()),
                          golden_.at("size").get<std::int64_t>());
  }

  static Tensor run(const Graph& graph, const Tensor& input) {
    const auto count = static_cast<int>(input.shape().front());
    return compile(graph, {.threads = 2, .streams = 1, .batch = count})->run(input);
  }

  Json golden_;
  Blueprint blueprint_;
  Graph graph_;
};

TEST_P(ZooParity, GivesTheReferencesLogitsThroughTheEngine) {
  EXPECT_LE(difference(run(graph_, input()), golden_), kTolerance);
}

TEST_P(ZooParity, GivesThemWithBatchNormsFoldedAndRunInTwoHalves) {
  const Halves halves = cut_at_frontier(graph_, "head");
  const Tensor features = run(fold_batch_norm(halves.prefix), input());
  EXPECT_LE(difference(run(halves.suffix, features), golden_), kTolerance);
}

#ifdef ENXERTO_HAS_TRAINING
TEST_P(ZooParity, GivesThemThroughTheTrainingEngine) {
  const Tensor pictures = input();
  const auto trainer = make_trainer(graph_, {.threads = 1});
  EXPECT_LE(difference(trainer->evaluate({{graph_.inputs[0].name, pictures}}).begin()->second, golden_), kTolerance);
}
#endif

TEST(InceptionParity, TransformsItsInputAsTorchvisionDoes) {
  const Blueprint plain = inception_v3({.size = 75, .classes = 3});
  const Blueprint asked = inception_v3({.size = 75, .classes = 3, .transform_input = true});
  const StateDict weights = formula::weights(plain);
  const Tensor pictures = formula::input(1, 75);
  constexpr double kScale[] = {0.229 / 0.5, 0.224 / 0.5, 0.225 / 0.5};
  constexpr double kShift[] = {(0.485 - 0.5) / 0.5, (0.456 - 0.5) / 0.5, (0.406 - 0.5) / 0.5};
  TensorBuffer transformed(DType::f32, pictures.shape());
  for (std::size_t i = 0; i < transformed.size(); ++i) {
    const std::size_t channel = i / (75 * 75);
    transformed.as<float>()[i] =
        static_cast<float>(static_cast<double>(pictures.as<float>()[i]) * kScale[channel] + kShift[channel]);
  }
  const Tensor by_hand = std::move(transformed).freeze();
  const ExecutorOptions options{.threads = 2, .streams = 1, .batch = 1};
  const Tensor wanted = compile(plain.fill(weights), options)->run(by_hand);
  const Tensor found = compile(asked.fill(weights), options)->run(pictures);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(found.as<float>()[i], wanted.as<float>()[i], 1e-5);
}

/// All classifiers of the zoo; Keras's VGG is torchvision's with another order of a dense layer's rows.
std::vector<std::string> names() {
  std::vector<std::string> all{"keras_vgg16"};
  for (const Architecture& row : architectures())
    if (row.classes_in == nullptr) all.emplace_back(row.name);  // detectors: tools/parity/detectors.py
  return all;
}

INSTANTIATE_TEST_SUITE_P(Zoo, ZooParity, ::testing::ValuesIn(names()), [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto

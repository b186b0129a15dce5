#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

/// That of tools/golden/vector_losses.py.
class VectorLoss : public ::testing::TestWithParam<std::string> {};

TEST_P(VectorLoss, AndItsGradientsAreThoseOfPyTorch) {
  const std::string kind = GetParam();
  const StateDict golden = read_safetensors(ENXERTO_TEST_DATA "/heads/vector_losses.safetensors");
  const Value features{"x", DType::f64, {"batch", 5}};
  const Blueprint head = head_network({.output = "unit", .centres = kind == "triplet" ? 0 : 4}, features, 5);
  StateDict parameters;
  ParameterGroup learned;
  for (const ParameterSpec& parameter : head.parameters) {
    parameters.set(parameter.name, golden.at(parameter.name));
    learned.parameters.push_back(parameter.name);
  }
  const auto trainer = make_trainer(with_loss(head.fill(parameters), {.kind = kind}),
                                    {.threads = 1, .optimizer = {.kind = "sgd"}, .groups = {learned}});
  TrainBatch batch{.inputs = {}, .examples = 12};
  batch.inputs.set("x", golden.at("x"));
  batch.inputs.set("target", golden.at("numbers"));
  const double wanted = golden.at(kind + "/loss").as<double>()[0];
  EXPECT_NEAR(trainer->step(std::span(&batch, 1), 1).loss, wanted, 1e-9 * std::max(1.0, wanted));
  const StateDict after = trainer->parameters();
  for (const std::string& name : learned.parameters) {
    const auto before = golden.at(name).as<double>(), now = after.at(name).as<double>(),
               gradient = golden.at(kind + "/grad/" + name).as<double>();
    for (std::size_t i = 0; i < before.size(); ++i)
      EXPECT_NEAR(before[i] - now[i], gradient[i], 1e-8 * std::max(1.0, std::abs(gradient[i]))) << name << " " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(VectorLosses, VectorLoss, ::testing::Values("triplet", "arcface", "cosface"),
                         [](const auto& row) { return row.param; });

}  // namespace
}  // namespace enxerto

#include <gtest/gtest.h>

#include <fstream>

#include "enxerto/engine/trainer.h"
#include "enxerto/graph/lora.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/pretrained/peft_adapter.h"
#include "enxerto/transfer/graft.h"
#include "tests/files/thrown.h"
#include "tests/parity/token_cases.h"

namespace enxerto {
namespace {

using testing::TemporaryDirectory;

/// tools/golden/lora.py.
class LoraOfPeft : public ::testing::Test {
 protected:
  explicit LoraOfPeft(const std::string& name = "llama")
      : golden_(read_json(std::filesystem::path(ENXERTO_TEST_DATA) / "lora" / (name + ".json"), 1 << 20)) {
    StateDict file;
    for (const auto& [tensor, row] : golden_.at("tensors").items()) {
      const auto shape = row.get<Shape>();
      file.set(tensor, formula::filled(tensor, shape, formula::range_of(tensor, shape)));
    }
    write_safetensors(folder_ / "model.safetensors", file);
    const std::string where = (folder_ / "model.safetensors").string();
    const TokenNetwork network = token_network({golden_.at("config"), "config.json"}).value();
    PretrainedSpec spec;
    spec.architecture = network.blueprint.graph.name;
    spec.naming = std::string(network.naming);
    const Graph body = filled_backbone(spec, network.blueprint, read_weights(where), {.file = where}).graph;
    const Blueprint head = language_model_head(body, before_head(body));
    StateDict words = initial_parameters(head);
    network_ = graft_head(body, head, words);
  }

  /// A folder of PEFT's with the adapters that the golden run began with.
  std::filesystem::path adapter() const {
    StateDict file;
    for (const auto& [name, row] : golden_.at("adapters").items()) {
      const auto shape = row.get<Shape>();
      file.set(name, formula::filled(name, shape, formula::range_of(name, shape)));
      if (name.find("lora_A") == std::string::npos) continue;
      const std::string b = std::string(name).replace(name.find("lora_A"), 6, "lora_B");
      if (golden_.at("adapters").contains(b)) continue;
      const std::string layer = name.substr(std::string("base_model.model.").size());
      const std::string weight = layer.substr(0, layer.find(".lora_A")) + ".weight";
      const auto rows = golden_.at("tensors").at(weight)[0].get<std::int64_t>();
      const std::vector<float> nothing(static_cast<std::size_t>(rows * shape[0]), 0.0F);
      file.set(b, Tensor::of<float>({rows, shape[0]}, nothing));
    }
    const std::filesystem::path folder = folder_ / "adapter";
    std::filesystem::create_directories(folder);
    write_safetensors(folder / "adapter_model.safetensors", file);
    std::ofstream(folder / "adapter_config.json")
        << Json{{"peft_type", "LORA"}, {"r", golden_.at("rank")}, {"lora_alpha", golden_.at("alpha")}}.dump();
    return folder;
  }

  LoraOptions options() const {
    return {.rank = golden_.at("rank"), .alpha = golden_.at("alpha"), .targets = {"attn.q", "attn.v", "mlp.down"}};
  }

  TensorMap batch() const {
    TensorMap inputs;
    inputs.set("input_ids", testing::rows_of(golden_.at("input_ids"), 9, 0));
    inputs.set("attention_mask", Tensor::of<std::int64_t>({3, 9}, std::vector<std::int64_t>(27, 1)));
    return inputs;
  }

  struct Run {
    std::unique_ptr<Trainer> trainer;
    double scale = 0;
  };

  /// The golden run's steps, from its adapters on.
  Run trained(const LoraOptions& options) const {
    Graph adapted = with_lora(network_, options);
    const PeftAdapter begun = read_peft(adapter(), network_);
    std::vector<std::string> learning;
    for (const auto& [name, tensor] : begun.adapters) {
      EXPECT_EQ(adapted.parameters.at(name).shape(), tensor.shape()) << name;
      adapted.parameters.set(name, tensor);
      learning.push_back(name);
    }
    Run run{
        .trainer = make_trainer(with_loss(adapted, {.kind = "next_token"}),
                                {.threads = 1, .optimizer = {.kind = "adamw"}, .groups = {{.parameters = learning}}}),
        .scale = begun.scale};
    const TrainBatch batch{.inputs = this->batch(), .examples = 3, .weight = 24};
    for (std::size_t i = 0; i < golden_.at("losses").size(); ++i)
      EXPECT_NEAR(run.trainer->step({&batch, 1}, golden_.at("rate").get<double>()).loss,
                  golden_.at("losses")[i].get<double>(), 1e-4)
          << i;
    return run;
  }

  void expect_equal_when_written(const Trainer& trainer) const {
    write_peft(folder_ / "written", trainer.parameters(),
               {.network = network_, .base = "small", .rank = options().rank, .alpha = options().alpha}, false);
    const PeftAdapter again = read_peft(folder_ / "written", network_);
    EXPECT_DOUBLE_EQ(again.scale, 2);
    EXPECT_EQ(again.note, "");
    for (const auto& [name, tensor] : trainer.parameters()) EXPECT_TRUE(identical(tensor, again.adapters.at(name)));
  }

  TemporaryDirectory folder_;
  Json golden_;
  Graph network_;
};

TEST_F(LoraOfPeft, LearnsWithItsLossesForTwentySteps) {
  const auto [trainer, scale] = trained(options());
  EXPECT_DOUBLE_EQ(scale, 2);

  // What is merged answers as what learned.
  Graph merged = network_;
  for (const auto& [name, tensor] : merged_lora(network_, trainer->parameters(), scale))
    merged.parameters.set(name, tensor);
  const auto plain = make_trainer(with_loss(merged, {.kind = "next_token"}), {.threads = 1});
  EXPECT_NEAR(plain->evaluate(this->batch()).at("loss").as<float>()[0],
              trainer->evaluate(this->batch()).at("loss").as<float>()[0], 1e-5);

  // And comes back out of the files that PEFT reads.
  expect_equal_when_written(*trainer);
  const Json config = read_json(folder_ / "written" / "adapter_config.json", 1 << 20);
  EXPECT_EQ(config.at("target_modules"), (Json{"down_proj", "q_proj", "v_proj"}));
}

TEST_F(LoraOfPeft, IsNotMergedTwiceAndToldWhereItWasLearnedOnOtherWeights) {
  const auto [trainer, scale] = trained(options());
  expect_equal_when_written(*trainer);
  Graph merged = network_;
  for (const auto& [name, tensor] : merged_lora(network_, trainer->parameters(), scale))
    merged.parameters.set(name, tensor);
  expect_says(thrown_by([&] { (void)read_peft(folder_ / "written", merged); }), ErrorKind::weights,
              "is merged into the weights of this network already");
  Graph other = network_;
  other.parameters.set("blocks.0.attn.q.weight", merged.parameters.at("blocks.0.attn.q.weight"));
  EXPECT_TRUE(
      read_peft(folder_ / "written", other).note.ends_with("learned on other weights than these, those of small"));
}

class LoraOfPeftOnNeox : public LoraOfPeft {
 protected:
  LoraOfPeftOnNeox() : LoraOfPeft("gpt_neox") {}
};

TEST_F(LoraOfPeftOnNeox, LearnsWithItsLossesForTwentySteps) {
  const LoraOptions all{.rank = golden_.at("rank"), .alpha = golden_.at("alpha")};
  expect_equal_when_written(*trained(all).trainer);
  const Json config = read_json(folder_ / "written" / "adapter_config.json", 1 << 20);
  EXPECT_EQ(config.at("target_modules"), (Json{"dense", "dense_4h_to_h", "dense_h_to_4h", "query_key_value"}));
}

TEST_F(LoraOfPeft, IsRefusedWhereItIsAnotherNetworks) {
  const std::filesystem::path folder = adapter();
  Graph other = network_;
  other.parameters.set("blocks.1.attn.q.weight", Tensor::of<float>({2, 2}, {0, 0, 0, 0}));
  expect_says(thrown_by([&] { (void)read_peft(folder, other); }), ErrorKind::weights, "the LoRA of this network");
  other.parameters.erase("blocks.1.attn.q.weight");
  expect_says(thrown_by([&] { (void)read_peft(folder, other); }), ErrorKind::weights, "which this network has not");
  other.name = "gpt2";
  expect_says(thrown_by([&] { (void)read_peft(folder, other); }), ErrorKind::weights,
              "is no adapter of a layer of gpt2");
  other.name = "lstm";
  expect_says(thrown_by([&] { (void)read_peft(folder, other); }), ErrorKind::usage, "no names in PEFT's files");
}

TEST_F(LoraOfPeft, IsRefusedWhereItsKindIsAnother) {
  const std::filesystem::path folder = adapter();
  const auto refused = [&](const Json& config, const std::string& part) {
    std::ofstream(folder / "adapter_config.json") << config.dump();
    expect_says(thrown_by([&] { (void)read_peft(folder, network_); }), ErrorKind::weights, part);
  };
  refused({{"peft_type", "IA3"}}, "'peft_type' is \"IA3\"");
  refused({{"peft_type", "LORA"}, {"r", 3}, {"lora_alpha", 6}, {"use_dora", true}}, "'use_dora' is true");
  refused({{"peft_type", "LORA"}, {"lora_alpha", 6}}, "'r' is missing");
  std::filesystem::remove(folder / "adapter_model.safetensors");
  refused({{"peft_type", "LORA"}}, "has no adapter_model.safetensors");
}

TEST(Lora, ChangesNothingAtFirstAndNamesLayersThatThereAreNot) {
  const testing::TokenCase one = testing::token_case("gpt2");
  const Graph adapted = with_lora(one.graph, {.rank = 2, .alpha = 4, .targets = {"attn"}});
  EXPECT_TRUE(adapted.parameters.contains("blocks.1.attn.qkv.lora_a"));
  EXPECT_FALSE(adapted.parameters.contains("blocks.1.mlp.fc1.lora_a"));
  const TensorMap inputs = testing::token_inputs(one);
  const auto states = [&](const Graph& graph) { return compile(graph, {.threads = 1})->run(inputs).at("states"); };
  EXPECT_LE(testing::difference(states(adapted), one.golden), 1e-4);
  expect_says(thrown_by([&] { (void)with_lora(one.graph, {.rank = 2, .alpha = 4, .targets = {"q_proj"}}); }),
              ErrorKind::usage, "parts of attn.proj, attn.qkv, mlp.fc1, mlp.fc2");
}

}  // namespace
}  // namespace enxerto

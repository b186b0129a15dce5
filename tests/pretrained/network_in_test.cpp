#include "enxerto/pretrained/network_in.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/safetensors.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::TemporaryDirectory;
using testing::zero_weights;
using testing::zeros;
using Names = std::vector<std::string>;

StateDict renamed(const StateDict& weights, const auto& rename) {
  StateDict result;
  for (const auto& [name, tensor] : weights)
    if (const std::string now = rename(name); !now.empty()) result.set(now, tensor);
  return result;
}

StateDict prefixed(const StateDict& weights, const std::string& prefix) {
  return renamed(weights, [&](const std::string& name) { return prefix + name; });
}

TEST(NetworkIn, TakesOffWhateverStandsBeforeAllNames) {
  for (const char* prefix : {"model.", "module.model._orig_mod.", "feature_extractor.", "a.b.c.d."}) {
    for (const char* architecture : {"resnet18", "mobilenet_v2", "vit_s16"}) {
      const NetworkTensors found = network_in(prefixed(zero_weights(architecture, 3), prefix));
      EXPECT_EQ(recognise_architecture(found.tensors), architecture) << prefix;
      EXPECT_TRUE(found.others.empty());
      ASSERT_EQ(found.notes.size(), 1U);
      EXPECT_NE(found.notes[0].find(prefix), std::string::npos);
    }
  }
}

TEST(NetworkIn, LeavesNamesAloneThatASourceUses) {
  const StateDict weights = zero_weights("resnet18", 3);
  EXPECT_EQ(network_in(weights).tensors.size(), weights.size());
  EXPECT_TRUE(network_in(weights).notes.empty());
}

TEST(NetworkIn, NotesWhatStandsBesideTheNetwork) {
  StateDict weights = prefixed(zero_weights("resnet18", 3), "model.");
  weights.set("criterion.weight", zeros({3}));
  weights.set("train_acc.correct", zeros({}));
  const NetworkTensors found = network_in(weights);
  EXPECT_EQ(found.others, (Names{"criterion.weight", "train_acc.correct"}));
  EXPECT_EQ(found.notes.back(), "left out what is not in the network: criterion.weight, train_acc.correct");
}

TEST(NetworkIn, TakesTheFirstOfTwoNetworks) {
  StateDict weights = prefixed(zero_weights("resnet18", 3), "online.net.");
  weights.merge(prefixed(zero_weights("resnet18", 3), "target.net."));
  const NetworkTensors found = network_in(weights);
  EXPECT_NE(found.notes[0].find("'online.net.'"), std::string::npos);
  EXPECT_EQ(found.others.front().substr(0, 11), "target.net.");
}

/// As nn.Sequential(*network.children()) names a ResNet's modules.
std::string numbered(const std::string& name) {
  const std::size_t dot = name.find('.');
  const std::string module = name.substr(0, dot), rest = name.substr(dot);
  if (module == "conv1") return "0" + rest;
  if (module == "bn1") return "1" + rest;
  return module.starts_with("layer") ? std::to_string(module.back() - '0' + 3) + rest : "";
}

TEST(NetworkIn, ReadsTheModulesOfASequentialByTheirOrder) {
  const StateDict body = renamed(zero_weights("resnet18", 3), numbered);
  EXPECT_EQ(recognise_architecture(network_in(body).tensors), "resnet18");
  StateDict fastai = prefixed(body, "0.");
  fastai.set("1.2.weight", zeros({1024}));
  fastai.set("1.4.weight", zeros({512, 1024}));
  const NetworkTensors found = network_in(fastai);
  EXPECT_EQ(recognise_architecture(found.tensors), "resnet18");
  EXPECT_EQ(found.others, (Names{"1.2.weight", "1.4.weight"}));
}

TEST(NetworkIn, PutsBackTheFeaturesOfASequential) {
  const StateDict body = renamed(zero_weights("mobilenet_v2", 3), [](const std::string& name) {
    return name.starts_with("features.") ? "0.0." + name.substr(9) : std::string();
  });
  EXPECT_EQ(recognise_architecture(network_in(body).tensors), "mobilenet_v2");
}

TEST(NetworkIn, GivesAFileOfNoNetworkBack) {
  const StateDict weights{{"a.weight", zeros({3, 4})}, {"a.bias", zeros({3})}};
  EXPECT_EQ(network_in(weights).tensors.size(), 2U);
  EXPECT_TRUE(network_in(weights).notes.empty());
}

std::string refusal(const std::filesystem::path& file) {
  try {
    load_backbone(file.string());
  } catch (const Error& error) {
    return error.text().found;
  }
  return "";
}

TEST(NetworkIn, IsLoadedWithItsNotesAndTheHeadThatStandsBesideIt) {
  const TemporaryDirectory directory;
  StateDict weights = renamed(zero_weights("resnet18", 3), [](const std::string& name) {
    return name.starts_with("fc.") ? std::string() : "backbone." + name;
  });
  weights.set("classifier.weight", zeros({3, 512}));
  weights.set("classifier.bias", zeros({3}));
  write_safetensors(directory / "both.safetensors", weights);
  const Backbone backbone = load_backbone((directory / "both.safetensors").string());
  EXPECT_EQ(backbone.graph.name, "resnet18");
  EXPECT_EQ(backbone.spec.outputs, 0);
  EXPECT_EQ(backbone.left_out, Names{"classifier"});
  ASSERT_EQ(backbone.notes.size(), 3U);
  EXPECT_EQ(backbone.notes[0], "removed the prefix 'backbone.' from the names");
  EXPECT_EQ(backbone.notes[2],
            "the file does not state its preprocessing: assuming torch, that of the weights of torchvision");
}

TEST(NetworkIn, IsRefusedWithTheNearestArchitectureAndWhatDoesNotFitIt) {
  const TemporaryDirectory directory;
  StateDict weights = zero_weights("vit_s16", 3);
  weights.erase("norm.weight");
  weights.set("reg_token", zeros({1, 4, 384}));
  write_safetensors(directory / "reg.safetensors", weights);
  EXPECT_EQ(refusal(directory / "reg.safetensors"),
            "its tensors fit no architecture of `enxerto models`; the nearest is vit_s16: missing norm.weight; "
            "unexpected reg_token");
  write_safetensors(directory / "odd.safetensors", StateDict{{"odd.weight", zeros({3})}});
  EXPECT_EQ(refusal(directory / "odd.safetensors"),
            "its tensors fit no architecture of `enxerto models`; no source uses its names: odd.weight");
}

}  // namespace
}  // namespace enxerto

#include "enxerto/pretrained/names_keras.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/zoo/vgg.h"
#include "tests/pretrained/zeros.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

using testing::zeros;

/// What tools/golden/keras_zoo.py --names found in files that Keras wrote.
struct Written {
  std::vector<std::string> legacy;                           ///< "layer variable shape variable shape .."
  std::vector<std::pair<std::string, std::string>> classes;  ///< conv2d_3, conv2_block1_0_conv
};

const std::map<std::string, Written>& written() {
  static const std::map<std::string, Written> all = [] {
    std::map<std::string, Written> found;
    std::ifstream file(std::string(ENXERTO_TEST_DATA "/pretrained/keras_names.txt"));
    Written* current = nullptr;
    for (std::string line; std::getline(file, line);) {
      const std::size_t equals = line.find('=');
      if (line.starts_with("# "))
        current = &found[line.substr(2, line.find_first_of(",:") - 2)];
      else if (equals == std::string::npos)
        current->legacy.push_back(line);
      else
        current->classes.emplace_back(line.substr(0, equals), line.substr(equals + 1));
    }
    return found;
  }();
  return all;
}

/// VGG's two wide layers are a narrow one here: half a gigabyte less to lay out.
constexpr std::int64_t kWide = 4096, kNarrow = 16;

Shape shape_of(std::string text) {
  std::replace(text.begin(), text.end(), 'x', ' ');
  std::istringstream words(text);
  Shape shape;
  for (std::int64_t side = 0; words >> side;) shape.push_back(side == kWide ? kNarrow : side);
  return shape;
}

/// The tensors of the legacy file, in its order; `rename` gives the layer another name.
template <typename Rename>
StateDict legacy_file(const Written& golden, const Rename& rename) {
  StateDict weights;
  for (const std::string& line : golden.legacy) {
    std::istringstream words(line);
    std::string layer, variable, shape;
    words >> layer;
    while (words >> variable >> shape) weights.set(rename(layer) + "/" + variable, zeros(shape_of(shape)));
  }
  return weights;
}

StateDict legacy_file(const Written& golden) {
  return legacy_file(golden, [](const std::string& layer) { return layer; });
}

/// The tensors of a .weights.h5: class by class, each in its order, under the stored names or those of the classes.
StateDict weights_file(const Written& golden, bool has_names) {
  const StateDict legacy = legacy_file(golden);
  StateDict weights;
  for (const auto& [number, layer] : golden.classes)
    for (const auto& [name, tensor] : legacy)
      if (name.starts_with(layer + "/")) weights.set((has_names ? layer : number) + name.substr(layer.size()), tensor);
  return weights;
}

struct Network {
  const char* golden;
  const char* architecture;
};
constexpr Network kNetworks[] = {{"resnet50", "keras_resnet50"},
                                 {"resnet50v2", "keras_resnet50v2"},
                                 {"densenet121", "keras_densenet121"},
                                 {"inception_v3", "keras_inception_v3"},
                                 {"mobilenet_v2_035", "keras_mobilenet_v2_035"},
                                 {"vgg16", "vgg16"}};

class KerasNames : public ::testing::TestWithParam<Network> {
 protected:
  const Written& golden() const { return written().at(GetParam().golden); }
  Blueprint blueprint() const {
    const std::string_view name = GetParam().architecture;
    if (name == "vgg16") return vgg({.depth = 16, .classes = 3, .hidden = kNarrow});
    return find_architecture(name).build({.classes = 3});
  }

  void expect_fit(const StateDict& theirs) const {
    const Blueprint network = blueprint();
    const LoadReport report = network.compare(translate_keras(theirs, network));
    EXPECT_TRUE(report.fits()) << report.summary();
  }
};

TEST_P(KerasNames, AreThoseThatKerasWritesInItsOrder) {
  StateDict ours;
  for (const ParameterSpec& spec : blueprint().parameters) ours.set(spec.name, zeros(spec.shape));
  const StateDict found = keras_state_dict(ours, blueprint()), wanted = legacy_file(golden());
  ASSERT_EQ(found.size(), wanted.size());
  auto expected = wanted.begin();
  for (const auto& [name, tensor] : found) {
    std::string keras3 = name;  // it says kernel for depthwise kernels too
    if (const std::size_t at = keras3.find("/depthwise_kernel"); at != std::string::npos) keras3.erase(at + 1, 10);
    EXPECT_EQ(keras3, expected->first);
    EXPECT_EQ(tensor.shape(), expected->second.shape()) << name;
    ++expected;
  }
}

TEST_P(KerasNames, OfALegacyFileFit) { expect_fit(legacy_file(golden())); }

TEST_P(KerasNames, OfANestedModelFit) {
  expect_fit(legacy_file(golden(), [](const std::string& layer) { return "functional_3/base/" + layer; }));
}

TEST_P(KerasNames, OfAWeightsFileFit) { expect_fit(weights_file(golden(), true)); }

TEST_P(KerasNames, OfAWeightsFileWithoutThemFit) { expect_fit(weights_file(golden(), false)); }

TEST_P(KerasNames, AreNotNeededInTheOrderOfALegacyFile) {
  std::map<std::string, std::string> unlike;
  expect_fit(legacy_file(golden(), [&](const std::string& layer) {
    return unlike.emplace(layer, "layer" + std::to_string(unlike.size()) + "x").first->second;
  }));
}

INSTANTIATE_TEST_SUITE_P(Networks, KerasNames, ::testing::ValuesIn(kNetworks),
                         [](const auto& network) { return std::string(network.param.golden); });

/// Weights of ours, through Keras's layout and back; `renamed` stands between.
template <typename Rename>
void expect_round_trip(const Blueprint& network, const Rename& renamed) {
  const StateDict ours = formula::weights(network);
  const StateDict back = translate_keras(renamed(keras_state_dict(ours, network)), network);
  EXPECT_EQ(back.size(), ours.size());
  for (const auto& [name, tensor] : ours) {
    ASSERT_TRUE(back.contains(name)) << name;
    EXPECT_TRUE(identical(back.at(name), tensor)) << name;
  }
}

StateDict as_it_is(const StateDict& weights) { return weights; }

TEST(KerasRoundTrip, KeepsEveryValue) {
  for (const char* name : {"keras_mobilenet_v2_035", "keras_inception_v3", "keras_resnet50v2"})
    expect_round_trip(find_architecture(name).build({.size = 96, .classes = 3}), as_it_is);
  expect_round_trip(vgg({.depth = 16, .size = 64, .classes = 3, .hidden = 2}), as_it_is);
}

/// InceptionV3 as the n-th model of a session, as Keras 2 and 3 number it.
TEST(KerasRoundTrip, GoesByTheNumbersOfALaterModel) {
  expect_round_trip(find_architecture("keras_inception_v3").build({.size = 75, .classes = 3}), [](const StateDict& w) {
    StateDict later;
    for (const auto& [name, tensor] : w) {
      const std::size_t slash = name.find('/');
      const std::string layer = name.substr(0, slash);
      const std::size_t underscore = layer.find_last_of('_');
      const bool is_numbered = underscore != std::string::npos && std::isdigit(layer[underscore + 1]) != 0;
      const int number = is_numbered ? std::stoi(layer.substr(underscore + 1)) : 0;
      const std::string base = is_numbered ? layer.substr(0, underscore) : layer;
      later.set((base == "predictions" ? base : base + "_" + std::to_string(number + 95)) + name.substr(slash), tensor);
    }
    return later;
  });
}

TEST(KerasRoundTrip, ReordersTheRowsOfVggsFirstDenseLayer) {
  const Blueprint network = vgg({.depth = 16, .classes = 3, .hidden = 2});
  const StateDict ours = formula::weights(network);
  const Tensor& mine = ours.at("classifier.0.weight");
  const Tensor theirs = keras_state_dict(ours, network).at("fc1/kernel");
  ASSERT_EQ(theirs.shape(), (Shape{7 * 7 * 512, 2}));
  for (const std::size_t channel : {0U, 3U, 511U})
    for (const std::size_t pixel : {0U, 8U, 48U})
      EXPECT_EQ(theirs.as<float>()[(pixel * 512 + channel) * 2 + 1],
                mine.as<float>()[7 * 7 * 512 + channel * 49 + pixel]);
}

TEST(KerasRoundTrip, IsRefusedForANetworkThatKerasDoesNotHave) {
  const Blueprint network = find_architecture("resnet18").build({.size = 32, .classes = 2});
  EXPECT_THROW(keras_state_dict({}, network), Error);
}

/// The names of the published MobileNetV2 files, which are older than those of keras.applications.
std::string published_name(const std::string& layer) {
  const bool is_first = layer.starts_with("expanded_conv_");
  if (layer == "predictions") return "Logits";
  if (!is_first && !layer.starts_with("block_")) return layer;
  const std::string number = is_first ? "0" : layer.substr(6, layer.find('_', 6) - 6);
  const std::string part = layer.substr(is_first ? 14 : 7 + number.size());
  const bool is_norm = part.ends_with("_BN");
  return (is_norm ? "bn" : "mobl") + number + "_conv_" + number + (is_norm ? "_bn_" : "_") +
         (is_norm ? part.substr(0, part.size() - 3) : part);
}

TEST(KerasRoundTrip, KnowsThePublishedMobileNetV2) {
  EXPECT_EQ(published_name("block_3_expand_BN"), "bn3_conv_3_bn_expand");
  expect_round_trip(
      find_architecture("keras_mobilenet_v2_035").build({.size = 32, .classes = 3}), [](const StateDict& w) {
        StateDict published;
        for (const auto& [name, tensor] : w)
          published.set(published_name(name.substr(0, name.find('/'))) + name.substr(name.find('/')), tensor);
        return published;
      });
}

}  // namespace
}  // namespace enxerto

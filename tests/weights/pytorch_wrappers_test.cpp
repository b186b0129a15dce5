#include <gtest/gtest.h>

#include <string>

#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

using namespace crafted;

WeightFile reading(const std::string& pickled) { return read(pytorch_zip(whole(pickled))); }

/// An object of the class net.Net with these attributes.
std::string object(const std::string& attributes) { return "cnet\nNet\n)\x81" + dict(attributes) + "b"; }

std::string module(const std::string& parameters, const std::string& modules) {
  return object(text("_parameters") + dict(parameters) + text("_buffers") + "}" + text("_modules") + dict(modules));
}

TEST(PytorchWrappers, PrefersAWrapperWithMoreTensorsThanLieBesideIt) {
  const std::string weights = dict(text("a") + tensor({}) + text("b") + tensor({}));
  const WeightFile file = reading(dict(text("mean") + tensor({}) + text("model") + weights));
  EXPECT_EQ(file.tensors.size(), 2U);
  EXPECT_EQ(file.notes.front(), "took the weights under 'model', not 'mean'");
}

TEST(PytorchWrappers, KeepsTheRootWhereItHasMoreTensors) {
  const std::string few = dict(text("x") + tensor({}));
  const WeightFile file = reading(dict(text("a") + tensor({}) + text("b") + tensor({}) + text("model") + few));
  EXPECT_TRUE(file.tensors.contains("b"));
  EXPECT_EQ(file.notes.front(), "ignored entries that are not named tensors: 'model'");
}

TEST(PytorchWrappers, TakesAveragedWeightsLast) {
  const auto one = [](const std::string& name) { return dict(text(name) + tensor({})); };
  const WeightFile file = reading(dict(text("params_ema") + one("averaged") + text("params") + one("plain")));
  EXPECT_TRUE(file.tensors.contains("plain"));
}

TEST(PytorchWrappers, TakesABodyThatIsStoredBesideItsHead) {
  for (const std::string body : {"backbone", "encoder"}) {
    const std::string weights = dict(text("a") + tensor({}) + text("b") + tensor({}));
    const WeightFile file = reading(dict(text("head") + dict(text("w") + tensor({})) + text(body) + weights));
    EXPECT_EQ(file.tensors.size(), 2U) << body;
  }
}

TEST(PytorchWrappers, EndsWhereADictHoldsItself) {
  expect_says(thrown_by([] { reading("}q\x01(" + text("model") + "h\x01" + text("net") + "h\x01u"); }),
              ErrorKind::weights, "holds a dict of 'model', 'net'");
}

TEST(PickledModule, IsReadInsideOfOthers) {
  const std::string inner = module(text("weight") + tensor({}), "");
  const WeightFile file = reading(module(text("scale") + tensor({}) + text("none") + "N", text("fc") + inner));
  ASSERT_EQ(file.tensors.size(), 2U);
  EXPECT_EQ(file.tensors.begin()->first, "scale");
  EXPECT_TRUE(file.tensors.contains("fc.weight"));
  EXPECT_EQ(file.notes.front(),
            "took the parameters and buffers of an object of the class 'net.Net', whose code was not run");
}

TEST(PickledModule, IsRefusedWhereItHoldsItself) {
  const std::string endless =
      "cnet\nNet\n)\x81q\x01" +
      dict(text("_parameters") + dict(text("w") + tensor({})) + text("_modules") + dict(text("self") + "h\x01")) + "b";
  expect_says(thrown_by([&] { reading(endless); }), ErrorKind::weights, "whose modules contain each other endlessly");
}

TEST(PickledModule, IsRefusedWhereSharedModulesMultiply) {
  // Each holds the one before it twice: 2^60 modules in a few kilobytes.
  std::string shared = module(text("w") + tensor({}), "") + "q\x01" + "0";
  for (int level = 0; level < 60; ++level) {
    shared += module("", text("a") + "h\x01" + text("b") + "h\x01") + "q\x01" + "0";
  }
  expect_says(thrown_by([&] { reading(shared + "h\x01"); }), ErrorKind::weights, "endlessly");
}

TEST(PickledModule, IsRefusedWithoutTensors) {
  expect_says(thrown_by([] { reading(module("", "")); }), ErrorKind::weights, "holds an object of the class 'net.Net'");
}

}  // namespace
}  // namespace enxerto

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.h"

namespace enxerto::test {
namespace {

using nlohmann::json;

/// The published network with a head of another name: what a run has saved.
std::string own_weights(const Folder& folder) {
  write_class_folders(folder / "data", 2, 6);
  const Outcome trained =
      run(folder, {"train", folder / "data", "--size", "32", "-o", folder / "model", "--threads", "1", "--quiet"});
  EXPECT_EQ(trained.code, 0) << trained.err;
  return folder / "model/model.safetensors";
}

TEST(WeightNotes, AreSaidOnceAndStandInTheReport) {
  const Folder folder;
  const std::string weights = own_weights(folder);
  const std::string assumed = "the file does not state its preprocessing";
  const Outcome text =
      run(folder, {"features", folder / "data", "-b", weights, "--size", "32", "-o", folder / "f.npy"});
  ASSERT_EQ(text.code, 0) << text.err;
  const std::size_t at = text.err.find(assumed);
  ASSERT_NE(at, std::string::npos) << text.err;
  EXPECT_EQ(text.err.find(assumed, at + 1), std::string::npos) << text.err;

  const Outcome features = run(folder, {"features", folder / "data", "-b", weights, "--size", "32", "-o",
                                        folder / "f.npy", "--json", "--quiet", "--replace"});
  EXPECT_NE(json::parse(features.out).at("warnings").dump().find(assumed), std::string::npos) << features.out;
  const Outcome trained = run(
      folder, {"train", folder / "data", "-b", weights, "--size", "32", "-o", folder / "second", "--json", "--quiet"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(json::parse(trained.out).at("warnings").dump().find(assumed), std::string::npos) << trained.out;
  EXPECT_NE(contents(folder / "second/history.json").find(assumed), std::string::npos);
}

TEST(WeightNotes, TellThatTheFilesOwnHeadHasNoLogits) {
  const Folder folder;
  const Outcome outcome = run(folder, {"features", folder / "data", "-b", own_weights(folder), "--size", "32", "-o",
                                       folder / "f.npy", "--at", "logits", "-q"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("the file's head was left out: "), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace enxerto::test

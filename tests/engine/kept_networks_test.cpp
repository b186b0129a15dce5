#include "enxerto/engine/kept_networks.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "tests/engine/small_networks.h"
#include "tests/files/scratch.h"

namespace enxerto {
namespace {

using testing::filled;
using testing::small_classifier;
using testing::tensor_of;

class KeptNetworksTest : public ::testing::Test {
 protected:
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    if (std::filesystem::exists(folder_))
      for (const auto& entry : std::filesystem::directory_iterator(folder_)) found.push_back(entry.path());
    return found;
  }

  static std::string text_of(const std::optional<MappedFile>& file) {
    if (!file) return "nothing";
    const auto bytes = KeptNetworks::content(*file);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  /// What the small classifier says, compiled or reopened.
  Tensor answer(std::uint32_t seed = 1, int threads = 1) const {
    const auto executor = compile(small_classifier(), {.threads = threads, .streams = 1, .kept_in = folder_});
    return executor->run(tensor_of({2, 3, 8, 8}, seed));
  }

  Scratch scratch_;
  std::filesystem::path folder_ = scratch_ / "networks";
  KeptNetworks kept_{folder_};
};

TEST_F(KeptNetworksTest, GiveBackWhatWasKept) {
  kept_.keep({1, 2}, "compiled");
  EXPECT_EQ(text_of(kept_.find({1, 2})), "compiled");
  EXPECT_EQ(text_of(kept_.find({1, 3})), "nothing");
}

TEST_F(KeptNetworksTest, RemoveAFileThatIsNotWhatWasWritten) {
  kept_.keep({1, 2}, "compiled");
  std::fstream(files().at(0), std::ios::in | std::ios::out | std::ios::binary).put('C');
  EXPECT_EQ(text_of(kept_.find({1, 2})), "nothing");
  EXPECT_TRUE(files().empty());
}

TEST_F(KeptNetworksTest, AreNotTakenForOthersWhoseNameTheyWereGiven) {
  kept_.keep({1, 2}, "one");
  const std::filesystem::path one = files().at(0);
  kept_.keep({3, 4}, "other");
  std::filesystem::copy_file(one, folder_ / (Hash128{3, 4}.hex() + ".network"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(text_of(kept_.find({3, 4})), "nothing");
  EXPECT_EQ(text_of(kept_.find({1, 2})), "one");
}

TEST_F(KeptNetworksTest, RemoveAFileThatWasCutOff) {
  kept_.keep({1, 2}, "compiled");
  std::filesystem::resize_file(files().at(0), 5);
  EXPECT_EQ(text_of(kept_.find({1, 2})), "nothing");
  EXPECT_TRUE(files().empty());
}

TEST_F(KeptNetworksTest, KeepNothingWhereTheFolderCannotBeMade) {
  std::ofstream(scratch_ / "file") << "text";
  const KeptNetworks nowhere(scratch_ / "file" / "networks");
  nowhere.keep({1, 2}, "compiled");
  EXPECT_EQ(text_of(nowhere.find({1, 2})), "nothing");
  EXPECT_EQ(nowhere.clear(), 0U);
}

TEST_F(KeptNetworksTest, RemoveTheLongestUnusedBeyondTheLimitAndKeepNoneOfAQuarterOfIt) {
  const KeptNetworks few(folder_, 100);
  few.keep({0, 1}, std::string(24, 'a'));  // 40 bytes with the checksum
  few.keep({0, 2}, std::string(24, 'b'));
  for (const auto& file : files())  // as if it were long ago
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(text_of(few.find({0, 1})), std::string(24, 'a'));
  few.keep({0, 3}, std::string(24, 'c'));
  EXPECT_EQ(text_of(few.find({0, 2})), "nothing");
  EXPECT_EQ(text_of(few.find({0, 1})), std::string(24, 'a'));
  few.keep({0, 4}, std::string(26, 'd'));
  EXPECT_EQ(text_of(few.find({0, 4})), "nothing");
  EXPECT_EQ(few.bytes(), 80U);
  EXPECT_EQ(few.clear(), 80U);
}

TEST_F(KeptNetworksTest, OfTheEngineAnswerTheSameBits) {
  const Tensor compiled = answer();
  ASSERT_EQ(files().size(), 2U);  // for one example, and for two
  const Tensor reopened = answer();
  EXPECT_EQ(files().size(), 2U);
  EXPECT_TRUE(identical(compiled, reopened));
  EXPECT_TRUE(
      identical(compiled, compile(small_classifier(), {.threads = 1, .streams = 1})->run(tensor_of({2, 3, 8, 8}, 1))));
}

/// (batch, 7, 5) -> two recurrent layers over the 7 -> (batch, 7, 5).
Graph recurrent_network(const std::string& op, std::int64_t gates) {
  using Order = std::vector<std::int64_t>;
  constexpr std::int64_t kWidth = 5;
  GraphBuilder net("recurrent");
  std::string x = net.input("input", {"batch", 7, kWidth});
  for (const std::string layer : {"a", "b"}) {
    net.stage(layer);
    const std::string steps = net.add("Transpose", layer + ".steps", {x}, {{"perm", Order{1, 0, 2}}});
    const std::string states = net.add(op, layer,
                                       {steps, net.parameter(layer + ".weight", {1, gates * kWidth, kWidth}),
                                        net.parameter(layer + ".recurrent", {1, gates * kWidth, kWidth}),
                                        net.parameter(layer + ".bias", {1, 2 * gates * kWidth})},
                                       {{"hidden_size", kWidth}});
    const std::string of_steps = net.add("Squeeze", layer + ".states", {states, net.integers({1})});
    x = net.add("Transpose", layer + ".rows", {of_steps}, {{"perm", Order{1, 0, 2}}});
  }
  net.output(x, "output");
  return filled(std::move(net).finish());
}

// OpenVINO reads layers one behind the other back with the batch for the time.
TEST_F(KeptNetworksTest, WithRecurrentLayersAnswerTheSameEachTime) {
  for (const auto& [op, gates] : {std::pair("LSTM", 4), std::pair("GRU", 3), std::pair("RNN", 1)}) {
    const Graph network = recurrent_network(op, gates);
    const auto answer_of = [&] {
      return compile(network, {.threads = 1, .streams = 1, .batch = 4, .kept_in = folder_})
          ->run(tensor_of({4, 7, 5}, 5));
    };
    const Tensor first = answer_of();
    EXPECT_TRUE(identical(first, answer_of())) << op;
  }
}

TEST_F(KeptNetworksTest, OfTheEngineAreCompiledAgainWhereTheyAreDamaged) {
  const Tensor compiled = answer();
  for (const auto& file : files()) std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_TRUE(identical(compiled, answer()));
}

TEST_F(KeptNetworksTest, OfTheEngineAreCompiledAgainWhereTheEngineCannotReadThem) {
  const Tensor compiled = answer();
  for (const auto& file : files()) {  // whole, but of something else
    const std::string hex = file.stem().string();
    kept_.keep({std::stoull(hex.substr(0, 16), nullptr, 16), std::stoull(hex.substr(16), nullptr, 16)}, "no network");
  }
  EXPECT_TRUE(identical(compiled, answer()));
}

TEST_F(KeptNetworksTest, OfTheEngineBelongToWeightsAndOptions) {
  answer();
  Graph other = small_classifier();
  TensorBuffer bias(DType::f32, other.parameters.at("fc.bias").shape());
  other.parameters.set("fc.bias", std::move(bias).freeze());
  compile(other, {.threads = 1, .streams = 1, .kept_in = folder_});
  EXPECT_EQ(files().size(), 3U);
  answer(1, 2);
  EXPECT_EQ(files().size(), 5U);
}

}  // namespace
}  // namespace enxerto

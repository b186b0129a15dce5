#include "enxerto/weights/sharded/sharded.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

/// Two shards, "a" and "b" in the first, "c" in the second, and an index that a test may spoil.
class Sharded : public ::testing::Test {
 protected:
  Sharded() {
    StateDict first, second;
    first.set("a", Tensor::of<float>({2}, {1, 2}));
    first.set("b", Tensor::of<float>({1}, {3}));
    second.set("c", Tensor::of<float>({3}, {4, 5, 6}));
    write_safetensors(folder_ / "one.safetensors", first, {{"format", "pt"}});
    write_safetensors(folder_ / "two.safetensors", second, {{"format", "pt"}});
    index(kWhole);
  }

  void index(std::string_view map, std::string_view rest = R"("metadata": {"total_size": 24}, )") {
    write_atomically(folder_ / "model.safetensors.index.json", fmt::format("{{{}\"weight_map\": {{{}}}}}", rest, map));
  }
  WeightFile read() const { return read_weights(folder_ / "model.safetensors.index.json"); }
  void expect_refused(const std::string& saying) const {
    expect_says(thrown_by([&] { read(); }), ErrorKind::weights, saying);
  }

  static constexpr const char* kWhole = R"("a": "one.safetensors", "c": "two.safetensors", "b": "one.safetensors")";
  Scratch folder_;
};

TEST_F(Sharded, FilesAreReadAsOne) {
  const WeightFile file = read();
  EXPECT_EQ(file.format, "safetensors, 2 shards");
  EXPECT_EQ(file.tensors.size(), 3U);
  EXPECT_EQ(file.tensors.at("c").as<float>()[2], 6.0F);
  EXPECT_EQ(file.tensor_bytes, 24U);
  EXPECT_EQ(file.metadata.at("format"), "pt");
  EXPECT_TRUE(file.notes.empty());
  std::uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) bytes += entry.file_size();
  EXPECT_EQ(file.file_bytes, bytes);
}

TEST_F(Sharded, FilesMayBeLinksAsInTheCacheOfHuggingFace) {
  const Scratch blobs;
  std::filesystem::rename(folder_ / "two.safetensors", blobs / "4f6c");
  std::filesystem::create_symlink(blobs / "4f6c", folder_ / "two.safetensors");
  EXPECT_EQ(read().tensors.size(), 3U);
}

TEST_F(Sharded, FilesOfPyTorchAreReadAsWell) {
  using namespace crafted;
  write_atomically(folder_ / "one.bin", pytorch_zip(whole(dict(text("a") + tensor({})))));
  index(R"("a": "one.bin", "c": "two.safetensors")", "");
  EXPECT_TRUE(read().tensors.contains("a"));
  EXPECT_EQ(read().tensors.size(), 2U);
}

TEST_F(Sharded, NotesATotalThatIsAnotherOne) {
  index(kWhole, R"("metadata": {"total_size": 48}, )");
  ASSERT_EQ(read().notes.size(), 1U);
  EXPECT_NE(read().notes[0].find("says 48 bytes of tensors, there are 24"), std::string::npos) << read().notes[0];
  index(kWhole, "");
  EXPECT_TRUE(read().notes.empty());
}

TEST_F(Sharded, NamesAShardThatIsMissing) {
  std::filesystem::remove(folder_ / "two.safetensors");
  expect_refused("two.safetensors: is missing; expected the shard that model.safetensors.index.json names");
}

TEST_F(Sharded, NamesATensorInTheWrongShard) {
  index(R"("a": "one.safetensors", "b": "two.safetensors", "c": "two.safetensors")");
  expect_refused("one.safetensors: holds the tensor 'b'; expected it in 'two.safetensors', where the index places it");
}

TEST_F(Sharded, NamesATensorThatTheIndexDoesNotName) {
  index(R"("a": "one.safetensors", "c": "two.safetensors")");
  expect_refused("holds the tensor 'b'; expected only tensors that the index names");
}

TEST_F(Sharded, NamesATensorThatItsShardDoesNotHold) {
  index(fmt::format("{}{}", kWhole, R"(, "d": "two.safetensors")"));
  expect_refused("1 of its tensors are not where it places them: 'd' in 'two.safetensors'");
}

TEST_F(Sharded, NamesATensorThatTwoShardsHold) {
  StateDict again;
  again.set("a", Tensor::of<float>({2}, {7, 8}));
  again.set("c", Tensor::of<float>({3}, {4, 5, 6}));
  write_safetensors(folder_ / "two.safetensors", again);
  expect_refused("two.safetensors: holds the tensor 'a'; expected it in 'one.safetensors'");
}

TEST_F(Sharded, RefusesAnIndexThatNamesATensorTwice) {
  index(fmt::format("{}{}", kWhole, R"(, "a": "two.safetensors")"));
  expect_refused("key 'a' appears twice");
}

TEST_F(Sharded, StayInTheFolderOfTheIndex) {
  for (const char* shard : {"../one.safetensors", "/etc/passwd", "", "..", ".", "sub/one.safetensors", "a\\\\b"}) {
    index(fmt::format("\"a\": \"{}\"", shard));
    expect_refused("expected the name of a file in its own folder");
  }
  index(R"("a": 5)");
  expect_refused("expected the name of a file in its own folder");
}

TEST_F(Sharded, RefusesAShardThatIsAnIndexAgain) {
  index(R"("a": "model.safetensors.index.json")");
  expect_refused("is not in a supported format");
}

TEST_F(Sharded, RefusesAnIndexWithoutAMap) {
  for (const char* map : {"{}", "[]", "null"}) {
    write_atomically(folder_ / "model.safetensors.index.json", fmt::format("{{\"weight_map\": {}}}", map));
    expect_refused("has no 'weight_map' of tensors and files");
  }
}

}  // namespace
}  // namespace enxerto

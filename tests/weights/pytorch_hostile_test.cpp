#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "enxerto/files/read.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

using namespace crafted;

std::string golden(const std::string& name) {
  return read_text(std::filesystem::path(ENXERTO_TEST_DATA) / "weights" / name, 1 << 20);
}

void expect_refused(const std::string& bytes, const std::string& says) {
  expect_says(thrown_by([&] { read(bytes); }), ErrorKind::weights, says);
}

TEST(PytorchZip, ReadsACraftedFile) {
  const WeightFile file = read(pytorch_zip(whole(dict(text("w") + tensor({})))));
  ASSERT_EQ(file.tensors.size(), 1U);
  EXPECT_EQ(file.tensors.at("w").as<float>()[3], 4.0F);
}

class Damaged : public testing::TestWithParam<std::string> {};

TEST_P(Damaged, IsRefusedWhereverItIsTruncated) {
  const std::string whole_file = golden(GetParam());
  for (std::size_t length = 0; length < whole_file.size(); ++length) {
    const Error error = thrown_by([&] { read(whole_file.substr(0, length)); });
    ASSERT_EQ(error.kind(), ErrorKind::weights) << length << ": " << error.what();
  }
}

TEST_P(Damaged, IsReadOrRefusedWhereverAByteIsWrong) {
  std::string bytes = golden(GetParam());
  std::size_t refused = 0;
  for (char& byte : bytes) {
    const char was = byte;
    byte = static_cast<char>(byte ^ 0x41);
    try {
      read(bytes);
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::weights) << error.what();
      ++refused;
    }
    byte = was;
  }
  EXPECT_GT(refused, bytes.size() / 20);
}

INSTANTIATE_TEST_SUITE_P(Formats, Damaged, testing::Values("network.pt", "views_legacy.pt", "types.safetensors"));

TEST(PytorchZip, RefusesAWrongChecksum) {
  const std::string pickle = whole(dict(text("w") + tensor({})));
  expect_refused(
      zip({{.name = "a/data.pkl", .content = pickle}, {.name = "a/data/0", .content = four_floats(), .wrong_crc = 1}}),
      "'a/data/0' is damaged: its CRC-32");
  expect_refused(
      zip({{.name = "a/data.pkl", .content = pickle, .wrong_crc = 1}, {.name = "a/data/0", .content = four_floats()}}),
      "'a/data.pkl' is damaged");
}

TEST(PytorchZip, RefusesADeclaredSizeLargerThanStored) {
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.stored = 5})))),
                 "5 elements declared and 16 bytes stored");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.stored = 3})))),
                 "3 elements declared and 16 bytes stored");
  expect_refused(zip({{.name = "a/data.pkl", .content = whole(dict(text("w") + tensor({})))},
                      {.name = "a/data/0", .content = four_floats(), .declared_extra = 1'000'000}}),
                 "more than are stored");
}

TEST(PytorchZip, RefusesViewsThatReachPastTheirStorage) {
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.offset = 1})))), "reaches past its storage");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.strides = {2}})))), "reaches past its storage");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.shape = {2, 2}, .strides = {INT64_MAX, INT64_MAX}})))),
                 "reaches past its storage");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.offset = INT64_MAX})))), "reaches past its storage");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.shape = {INT64_MAX, 4}, .strides = {0, 0}})))),
                 "too large to exist");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.shape = {-1}})))), "damaged storage, offset, size");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.shape = {1, 4}})))), "damaged storage, offset, size");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.shape = {1LL << 40}, .strides = {0}})))),
                 "expanded from much fewer");
}

TEST(PytorchZip, RefusesStoragesOfUnknownTypeOrPlace) {
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.key = "7"})))), "the storage 'a/data/7' is missing");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.storage = "torch\nFancyStorage\n"})))),
                 "storage of the type 'FancyStorage'");
  expect_refused(pytorch_zip(whole(dict(text("w") + tensor({.rebuild = "torch._utils\n_rebuild_sparse_tensor\n"})))),
                 "is made by 'torch._utils._rebuild_sparse_tensor'");
}

TEST(PytorchZip, RefusesFilesOnTopOfEachOther) {
  const std::string pickle = whole(dict(text("w") + tensor({})));
  expect_refused(zip({{.name = "a/data.pkl", .content = pickle},
                      {.name = "a/data/0", .content = four_floats()},
                      {.name = "a/data/0", .content = four_floats()}}),
                 "two files named 'a/data/0'");
  // The second file's header points into the first file, where its content looks like a header.
  const std::string nested = zip({{.name = "inner", .content = "x"}});
  expect_refused(zip({{.name = "outer", .content = nested},
                      {.name = "inner", .content = "x", .moved = 0U - static_cast<std::uint32_t>(nested.size())}}),
                 "at the same offset");
}

TEST(PytorchZip, RefusesTwoPicklesAndNone) {
  expect_refused(zip({{.name = "a/data.pkl", .content = "x"}, {.name = "b/data.pkl", .content = "x"}}),
                 "2 files named data.pkl");
  expect_refused(zip({{.name = "readme", .content = "x"}}), "0 files named data.pkl");
}

TEST(PytorchZip, RefusesABigEndianFile) {
  const std::string pickle = whole(dict(text("w") + tensor({})));
  expect_refused(zip({{.name = "a/data.pkl", .content = pickle},
                      {.name = "a/byteorder", .content = "big"},
                      {.name = "a/data/0", .content = four_floats()}}),
                 "byte order 'big'");
}

TEST(PytorchZip, InflatesPackedFilesAndBoundsThem) {
  const std::string pickle = whole(dict(text("w") + tensor({})));
  const WeightFile file = read(zip({{.name = "a/data.pkl", .content = pickle, .deflate = true},
                                    {.name = "a/data/0", .content = four_floats(), .deflate = true}}));
  EXPECT_EQ(file.tensors.at("w").as<float>()[1], 2.0F);
  expect_refused(zip({{.name = "a/data.pkl", .content = pickle, .deflate = true},
                      {.name = "a/data/0", .content = four_floats(), .declared_extra = 4, .deflate = true}}),
                 "does not decompress to its declared size");
  expect_refused(
      zip({{.name = "a/data.pkl", .content = pickle, .deflate = true},
           {.name = "a/data/0", .content = four_floats(), .declared_extra = 3'000'000'000, .deflate = true}}),
      "would decompress to");
}

TEST(PytorchZip, SaysWhereAFileHasNoChecksums) {
  const std::string pickle = whole(dict(text("w") + tensor({})));
  const auto crc = [](const std::string& content) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
  };
  const WeightFile file =
      read(zip({{.name = "a/data.pkl", .content = pickle, .wrong_crc = 0U - crc(pickle)},
                {.name = "a/data/0", .content = four_floats(), .wrong_crc = 0U - crc(four_floats())}}));
  ASSERT_EQ(file.notes.size(), 1U);
  EXPECT_NE(file.notes[0].find("without checksums"), std::string::npos);
}

}  // namespace
}  // namespace enxerto

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "enxerto/files/read.h"
#include "enxerto/weights/gguf/gguf.h"
#include "enxerto/weights/gguf/gguf_header.h"
#include "enxerto/weights/read_weights.h"
#include "tests/files/thrown.h"
#include "tests/weights/gguf/crafted_gguf.h"

namespace enxerto {
namespace {

using crafted::GgufFile;
using crafted::number;

/// Of the folder that tools/golden/gguf_files.py wrote with the package gguf.
std::string gguf_golden(const std::string& name) {
  return read_text(std::filesystem::path(ENXERTO_TEST_DATA) / "weights/gguf" / name, 1 << 20);
}

FileSource source_of(const std::string& bytes) {
  const auto copy = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
  return {.bytes = std::as_bytes(std::span(*copy)), .owner = copy, .where = "file", .path = {}};
}

WeightFile read_bytes(const std::string& bytes) {
  const FileSource source = source_of(bytes);
  return read_weights(source.bytes, source.owner, source.where);
}

void expect_gguf_refused(const std::string& bytes, const std::string& says) {
  expect_says(thrown_by([&] { (void)read_bytes(bytes); }), ErrorKind::weights, says);
}

void expect_gguf_refused(const GgufFile& file, const std::string& says) { expect_gguf_refused(file.bytes(), says); }

GgufFile of_one_tensor(std::uint32_t type, const std::vector<std::uint64_t>& sizes, std::size_t bytes) {
  GgufFile file;
  file.tensors.push_back({.name = "a", .sizes = sizes, .type = type, .data = std::string(bytes, '\0')});
  return file;
}

TEST(Gguf, TensorsOfEachTypeEqualThePackagesToTheBit) {
  const std::string expected = gguf_golden("types.f32");
  const WeightFile file = read_bytes(gguf_golden("types.gguf"));
  EXPECT_EQ(file.format, "GGUF");
  std::string found;
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor values = tensor.to_float32();
    found.append(reinterpret_cast<const char*>(values.data()), values.byte_size());
  }
  ASSERT_EQ(found.size(), expected.size());
  EXPECT_EQ(std::memcmp(found.data(), expected.data(), found.size()), 0);
}

TEST(Gguf, ShapesHaveTheOutermostSizeFirst) {
  const StateDict tensors = read_bytes(gguf_golden("types.gguf")).tensors;
  EXPECT_EQ(tensors.at("f32").shape(), (Shape{2, 3}));
  EXPECT_EQ(tensors.at("f16").shape(), (Shape{3, 1, 2}));
  EXPECT_EQ(tensors.at("q4_1").shape(), (Shape{3, 64}));
  EXPECT_EQ(tensors.at("q6_k").shape(), (Shape{1, 512}));
  EXPECT_EQ(tensors.at("f16").dtype(), DType::f16) << "as it is stored";
  EXPECT_EQ(tensors.at("q8_0").dtype(), DType::f32);
}

TEST(Gguf, MetadataOfEachTypeAreRead) {
  const GgufHeader header = read_gguf_header(source_of(gguf_golden("types.gguf")));
  EXPECT_EQ(*header.find<std::uint64_t>("value.uint8"), 200U);
  EXPECT_EQ(*header.find<std::int64_t>("value.int8"), -100);
  EXPECT_EQ(*header.find<std::uint64_t>("value.uint32"), 4000000000U);
  EXPECT_EQ(*header.find<std::uint64_t>("value.uint64"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(*header.find<std::int64_t>("value.int64"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(*header.find<double>("value.float32"), 0.1F);
  EXPECT_EQ(*header.find<double>("value.float64"), 0.1);
  EXPECT_TRUE(*header.find<bool>("value.bool"));
  EXPECT_EQ(*header.find<std::string>("value.string"), "naïve");
  EXPECT_EQ(*header.find<std::vector<std::string>>("list.texts"), (std::vector<std::string>{"a", "", "ç"}));
  EXPECT_EQ(*header.find<std::vector<std::int64_t>>("list.numbers"), (std::vector<std::int64_t>{1, -2, 3}));
  EXPECT_EQ(*header.find<std::vector<double>>("list.fractions"), (std::vector<double>{0.5, 0.25}));
  EXPECT_NE(header.find<GgufSkipped>("list.lists"), nullptr);
  EXPECT_EQ(header.find<bool>("value.uint8"), nullptr) << "of another type";
}

TEST(Gguf, FilesOfVersion2AreReadToo) {
  std::string bytes = gguf_golden("types.gguf");
  bytes[4] = 2;
  EXPECT_EQ(read_bytes(bytes).tensors.size(), 8U);
}

TEST(Gguf, OtherVersionsAndByteOrdersAreNamed) {
  GgufFile file;
  file.version = 1;
  expect_gguf_refused(file, "is of version 1");
  file.version = 0x03000000;
  expect_gguf_refused(file, "big-endian");
}

TEST(Gguf, FilesCutAnywhereAreRefused) {
  const std::string bytes = gguf_golden("types.gguf");
  for (std::size_t size = 4; size + 32 < bytes.size(); size += 7)
    EXPECT_EQ(thrown_by([&] { (void)read_bytes(bytes.substr(0, size)); }).kind(), ErrorKind::weights) << size;
  expect_gguf_refused(bytes.substr(0, bytes.size() - 64), "is truncated: tensor");
}

TEST(Gguf, TypesThatAreNotReadAreNamed) {
  expect_gguf_refused(of_one_tensor(10, {256}, 84), "type Q2_K, which is not supported");
  expect_gguf_refused(of_one_tensor(21, {256}, 110), "IQ3_S");
  expect_gguf_refused(of_one_tensor(99, {256}, 84), "the unknown type 99");
}

TEST(Gguf, TensorsThatOverlapAreRefused) {
  GgufFile file = of_one_tensor(0, {16}, 64);
  file.tensors.push_back({.name = "b", .sizes = {16}, .type = 0, .data = std::string(64, '\0'), .offset = 32});
  expect_gguf_refused(file, "overlaps with 'a'");
  file.tensors[1].offset = 0;
  expect_gguf_refused(file, "overlaps");
}

TEST(Gguf, CountsThatTheFileHasNoRoomForAreRefused) {
  GgufFile file;
  file.tensor_count = 1ULL << 60U;
  expect_gguf_refused(file, "declares 1152921504606846976 tensors");
  file.tensor_count = 1000;
  expect_gguf_refused(file, "declares 1000 tensors");
  file.tensor_count = 0;
  file.value_count = 1ULL << 63U;
  expect_gguf_refused(file, "values");
  GgufFile list;
  list.set("a", 9, number<std::uint32_t>(0) + number<std::uint64_t>(1ULL << 40U));
  expect_gguf_refused(list, "values of a list");
  GgufFile text;
  text.set("a", 8, number<std::uint64_t>(1ULL << 62U));
  expect_gguf_refused(text, "a text of the metadata has");
}

TEST(Gguf, ListsDeepInListsAreRefused) {
  std::string nested = number<std::uint32_t>(0) + number<std::uint64_t>(1) + "x";
  for (int i = 0; i < 20; ++i) nested = number<std::uint32_t>(9) + number<std::uint64_t>(1) + nested;
  GgufFile file;
  file.set("a", 9, nested);
  expect_gguf_refused(file, "lists within lists");
}

TEST(Gguf, ValuesThatAreNoneAreRefused) {
  GgufFile type;
  type.set("a", 13, "....");
  expect_gguf_refused(type, "a value of type 13");
  GgufFile flag;
  flag.set("a", 7, "\2");
  expect_gguf_refused(flag, "the boolean value 2");
  GgufFile twice;
  twice.set("a", 1U);
  twice.set("a", 2U);
  expect_gguf_refused(twice, "the key 'a' twice");
}

TEST(Gguf, AlignmentIsAPowerOfTwoThatTensorsKeep) {
  GgufFile file = of_one_tensor(0, {16}, 64);
  file.tensors[0].offset = 8;
  expect_gguf_refused(file, "a multiple of the file's alignment, 32");
  file.set("general.alignment", 24U);
  expect_gguf_refused(file, "general.alignment is 24");
  file.values.clear();
  file.set("general.alignment", 0U);
  expect_gguf_refused(file, "general.alignment is 0");
  file.values.clear();
  file.set("general.alignment", "x");
  expect_gguf_refused(file, "general.alignment is not a number");
  file.values.clear();
  file.set("general.alignment", 8U);
  file.tensors[0].data += std::string(8, '\0');
  EXPECT_EQ(read_bytes(file.bytes()).tensors.size(), 1U);
}

TEST(Gguf, ShapesThatNoTensorHasAreRefused) {
  expect_gguf_refused(of_one_tensor(0, {1ULL << 40U, 1ULL << 40U}, 64), "of shape");
  expect_gguf_refused(of_one_tensor(0, {0}, 0), "of shape");
  expect_gguf_refused(of_one_tensor(0, {~0ULL}, 0), "of shape");
  expect_gguf_refused(of_one_tensor(0, {1, 1, 1, 1, 1}, 4), "5 dimensions");
  expect_gguf_refused(of_one_tensor(2, {48}, 54), "rows of 48 numbers in type Q4_0");
  GgufFile twice = of_one_tensor(0, {8}, 32);
  twice.tensors.push_back(twice.tensors[0]);
  expect_gguf_refused(twice, "the tensor 'a' twice");
}

TEST(Gguf, NamesAreUtf8AndTextsAreShownAsSuch) {
  GgufFile key;
  key.set("a\xff", 1U);
  expect_gguf_refused(key, "a key of the metadata is");
  GgufFile name = of_one_tensor(0, {8}, 32);
  name.tensors[0].name = "\xc3";
  expect_gguf_refused(name, "the name of a tensor is");
  GgufFile text;
  text.set("a", "b\xff");
  EXPECT_EQ(read_bytes(text.bytes()).metadata.at("a"), "b\\xff");
}

TEST(Gguf, OneFileOfASplitNetworkSaysHowToJoinThem) {
  GgufFile file;
  file.set("split.count", 2, number<std::uint16_t>(3));
  expect_gguf_refused(file, "one of the 3 files");
}

}  // namespace
}  // namespace enxerto

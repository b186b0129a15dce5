#include "enxerto/weights/safetensors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

using crafted::number;

std::string with_header(const std::string& header, const std::string& data) {
  return number<std::uint64_t>(header.size()) + header + data;
}

StateDict parse(const std::string& bytes) {
  const auto copy = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
  return read_safetensors({.bytes = std::as_bytes(std::span(*copy)), .owner = copy, .where = "file", .path = {}});
}

void expect_refused(const std::string& header, const std::string& data, const std::string& says) {
  expect_says(thrown_by([&] { parse(with_header(header, data)); }), ErrorKind::weights, says);
}

std::string entry(const std::string& name, int begin, int end, const std::string& shape = "[1]") {
  return "\"" + name + R"(":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[)" + std::to_string(begin) + "," +
         std::to_string(end) + "]}";
}

const std::string kEight(8, '\0');

StateDict sample() {
  StateDict tensors;
  tensors.set("flag", Tensor::of<bool>({3}, {true, false, true}));
  tensors.set("weight \"ä\"", Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  tensors.set("count", Tensor::scalar<std::int64_t>(7));
  tensors.set("none", Tensor::of<float>({0, 3}, {}));
  tensors.set("half", Tensor::of<Half>({2}, {to_half(0.5F), to_half(2)}));
  return tensors;
}

TEST(Safetensors, WritesWhatItReadsBackEqual) {
  const Scratch scratch;
  write_safetensors(scratch / "a", sample(), {{"format", "pt"}, {"line", "one\ntwo"}});
  Metadata metadata;
  const StateDict back = read_safetensors(scratch / "a", &metadata);
  EXPECT_EQ(back.size(), sample().size());
  for (const auto& [name, tensor] : sample()) EXPECT_TRUE(identical(back.at(name), tensor)) << name;
  EXPECT_EQ(metadata, (Metadata{{"format", "pt"}, {"line", "one\ntwo"}}));
}

TEST(Safetensors, AlwaysWritesTheSameBytes) {
  const Scratch scratch;
  write_safetensors(scratch / "a", sample(), {{"b", "1"}, {"a", "2"}});
  write_safetensors(scratch / "b", sample(), {{"a", "2"}, {"b", "1"}});
  EXPECT_EQ(read_text(scratch / "a", 10'000), read_text(scratch / "b", 10'000));
}

TEST(Safetensors, AlignsTheHeaderAndEveryTensor) {
  const Scratch scratch;
  write_safetensors(scratch / "a", sample());
  const std::string bytes = read_text(scratch / "a", 10'000);
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  EXPECT_EQ(length % 8, 0U);
  const MappedFile map(scratch / "a");
  const StateDict tensors = read_safetensors({.bytes = map.bytes(), .owner = map.share(0), .where = "a", .path = {}});
  for (const auto& [name, tensor] : tensors) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data()) % size_of(tensor.dtype()), 0U) << name;
    EXPECT_GE(tensor.data(), map.bytes().data()) << name << " is a copy";
    EXPECT_LE(tensor.data(), map.bytes().data() + map.bytes().size()) << name << " is a copy";
  }
}

TEST(Safetensors, ReadsTensorsThatAreNotAlignedAndBooleansOtherThanOne) {
  const std::string header = R"({"b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]},)" + entry("w", 1, 5) + "}";
  const StateDict tensors = parse(with_header(header, "\x02" + number(1.5F)));
  EXPECT_EQ(tensors.at("w").as<float>()[0], 1.5F);
  EXPECT_EQ(tensors.at("b").bytes()[0], std::byte{1});
}

TEST(Safetensors, ReadsLargeTensorsOfUnpaddedHeadersFromTheFile) {
  const Scratch scratch;
  constexpr std::size_t kCount = 50'000;
  const std::string header = R"({"w":{"dtype":"F32","shape":[50000],"data_offsets":[0,200000]}})";
  std::vector<float> values(kCount);
  for (std::size_t i = 0; i < kCount; ++i) values[i] = static_cast<float>(i);
  // One byte more than a multiple of four in front of the floats.
  const std::string padded = header + std::string((5 - header.size() % 4) % 4, ' ');
  const std::uint64_t length = padded.size();
  std::string file(reinterpret_cast<const char*>(&length), sizeof(length));
  file += padded + std::string(reinterpret_cast<const char*>(values.data()), kCount * sizeof(float));
  write_atomically(scratch / "odd", file);
  const StateDict tensors = read_safetensors(scratch / "odd");
  EXPECT_EQ(file.size() % 4, 1U);
  EXPECT_TRUE(std::ranges::equal(tensors.at("w").as<float>(), values));
}

TEST(Safetensors, GivesTensorsInTheOrderOfTheirData) {
  const StateDict tensors = parse(with_header("{" + entry("late", 4, 8) + "," + entry("early", 0, 4) + "}", kEight));
  EXPECT_EQ(tensors.begin()->first, "early");
}

TEST(Safetensors, RefusesOverlapHoleAndTrailingBytes) {
  expect_refused("{" + entry("a", 0, 4) + "," + entry("b", 2, 6) + "}", kEight, "overlap");
  expect_refused("{" + entry("a", 0, 4) + "," + entry("b", 0, 4) + "}", kEight, "overlap");
  expect_refused("{" + entry("a", 0, 4) + "," + entry("b", 6, 10) + "}", kEight + kEight, "hole");
  expect_refused("{" + entry("a", 4, 8) + "}", kEight, "hole");
  expect_refused("{" + entry("a", 0, 4) + "}", kEight, "4 bytes follow the last tensor");
  expect_refused("{" + entry("a", 0, 8, "[2]") + "," + entry("b", 8, 12) + "}", kEight, "is truncated");
}

TEST(Safetensors, RefusesDuplicateKeys) {
  expect_refused("{" + entry("a", 0, 4) + "," + entry("a", 4, 8) + "}", kEight, "the key 'a' twice");
  expect_refused(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "1234", "'dtype' twice");
  expect_refused(R"({"__metadata__":{"x":"1","x":"2"}})", "", "'x' twice");
}

TEST(Safetensors, RefusesAnOversizedHeader) {
  const auto declared = [](std::uint64_t length) { return number(length) + "{}" + kEight; };
  for (const std::uint64_t length : {100'000'001ULL, 1ULL << 63, ~0ULL}) {
    expect_says(thrown_by([&] { parse(declared(length)); }), ErrorKind::weights, "declares a header of");
  }
  expect_says(thrown_by([&] { parse(declared(100'000'000)); }), ErrorKind::weights, "is truncated: a header of");
  expect_says(thrown_by([] { parse("1234567"); }), ErrorKind::weights, "is 7 bytes long");
}

TEST(Safetensors, RefusesSizesThatDoNotFitTheirShape) {
  expect_refused("{" + entry("a", 0, 8) + "}", kEight, "4 bytes");
  expect_refused("{" + entry("a", 8, 0) + "}", kEight, "4 bytes");
  expect_refused("{" + entry("a", 0, 8, "[4611686018427387904,2]") + "}", kEight, "a size that can be stored");
  expect_refused("{" + entry("a", 0, 8, "[9223372036854775808]") + "}", kEight, "an unexpected number");
}

TEST(Safetensors, RefusesATensorOfNothingThatWouldTakeForeverToGoThrough) {
  expect_refused("{" + entry("a", 0, 0, "[0,1099511627776]") + "}", "", "a size that can be stored");
  expect_refused("{" + entry("a", 0, 0, "[1099511627776,0]") + "}", "", "a size that can be stored");
  EXPECT_EQ(parse(with_header("{" + entry("a", 0, 0, "[0,1024]") + "}", "")).at("a").size(), 0U);
}

TEST(Safetensors, RefusesHeadersThatTheFormatDoesNotName) {
  for (const std::string header : {"",
                                   "[]",
                                   " {}",
                                   "{} x",
                                   "{\"a\":1}",
                                   "{\"a\":[]}",
                                   "{\"a\":{}}",
                                   "{\"a\":null}",
                                   R"({"__metadata__":{"x":1}})",
                                   R"({"__metadata__":{"x":{}}})",
                                   R"({"__metadata__":"x"})",
                                   R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})",
                                   R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})",
                                   R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})",
                                   R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})",
                                   R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})",
                                   R"({"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}})",
                                   R"({"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}})",
                                   R"({"a":{"dtype":"F32","shape":[1],"offsets":[0,4]}})",
                                   R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})",
                                   "{\"\xff\":{}}"}) {
    EXPECT_EQ(thrown_by([&] { parse(with_header(header, "1234")); }).kind(), ErrorKind::weights) << header;
  }
  expect_refused(std::string("{}\0{}", 5), "", "not a JSON object");
  expect_refused(R"({"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}})", "1234", "elements of type 'F8_E4M3'");
}

TEST(Safetensors, RefusesToWriteNamesThatTheFormatCannotHold) {
  const Scratch scratch;
  for (const std::string name : {"__metadata__", "\xff"}) {
    StateDict tensors;
    tensors.set(name, Tensor::scalar(1.0F));
    EXPECT_EQ(thrown_by([&] { write_safetensors(scratch / "a", tensors); }).kind(), ErrorKind::weights);
  }
  EXPECT_EQ(scratch.count(), 0U);
}

}  // namespace
}  // namespace enxerto

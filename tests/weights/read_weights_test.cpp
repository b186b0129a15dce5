#include "enxerto/weights/read_weights.h"

#include <gtest/gtest.h>

#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

TEST(ReadWeights, RecognisesAFileByItsContentNotByItsName) {
  const Scratch scratch;
  StateDict tensors;
  tensors.set("w", Tensor::of<float>({2}, {1, 2}));
  write_safetensors(scratch / "named.pth", tensors, {{"format", "pt"}});
  const WeightFile file = read_weights(scratch / "named.pth");
  EXPECT_EQ(file.format, "safetensors");
  EXPECT_EQ(file.metadata.at("format"), "pt");
  EXPECT_EQ(file.tensor_bytes, 8U);
  EXPECT_EQ(file.file_bytes, std::filesystem::file_size(scratch / "named.pth"));
}

TEST(ReadWeights, NamesWhatPeopleHaveInsteadOfWeights) {
  using namespace std::string_literals;
  const std::pair<std::string, std::string> kCases[] = {
      {"", "is empty"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "is a Git LFS pointer"},
      {"<!DOCTYPE html><html>", "is a web page"},
      {"\xef\xbb\xbf\n  <HTML>", "is a web page"},
      {"\x89HDF\r\n\x1a\n....", "is not a complete HDF5 file"},
      {"\x1f\x8b\x08....", "is compressed with gzip"},
      {"\x08\x01\x12\xf0\x01"s, "is a TensorFlow SavedModel"},
      {"\x08\x0a\x12\x07pytorch"s, "is an ONNX file"},
      {"\x1c\0\0\0TFL3...."s, "is a TensorFlow Lite model"},
      {"anything\x57\xfb\x80\x8b\x24\x75\x47\xdb"s, "is the index of a TensorFlow checkpoint"},
      {"\x0a\x2e\x0a\x05input\x12\x0bPlaceholder*\x0b"s, "is a frozen TensorFlow graph"},
      {"\x80\x02}q\x00."s, "is a Python pickle that torch.save did not write"},
      {std::string(257, 'a') + "ustar", "is a tar archive"},
      {"hello", "it begins with the bytes 68 65 6c 6c 6f"},
      {"\x01", "it begins with the bytes 01"},
      {"{\"a\": {}}", "is not in a supported format"},
  };
  const Scratch scratch;
  for (const auto& [content, says] : kCases) {
    write_atomically(scratch / "model.pth", content);
    const Error error = thrown_by([&] { read_weights(scratch / "model.pth"); });
    expect_says(error, ErrorKind::weights, "model.pth: " + (says.starts_with("it") ? "" : says));
    expect_says(error, ErrorKind::weights, says);
    EXPECT_FALSE(error.text().tip.empty());
  }
}

TEST(ReadWeights, NamesMissingFilesAndDirectories) {
  const Scratch scratch;
  expect_says(thrown_by([&] { read_weights(scratch / "missing"); }), ErrorKind::weights, "does not exist");
  expect_says(thrown_by([&] { read_weights(scratch.path()); }), ErrorKind::weights, "is a directory");
}

TEST(ReadWeights, NamesTensorFlowsFoldersAndCheckpoints) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch / "model");
  write_atomically(scratch / "model/saved_model.pb", "\x08\x01");
  const Error folder = thrown_by([&] { read_weights(scratch / "model"); });
  expect_says(folder, ErrorKind::weights, "model: is a TensorFlow SavedModel");
  EXPECT_NE(folder.text().tip.find("model.save('model.keras')"), std::string::npos);
  write_atomically(scratch / "weights.data-00000-of-00001", "numbers");
  expect_says(thrown_by([&] { read_weights(scratch / "weights.data-00000-of-00001"); }), ErrorKind::weights,
              "is part of a TensorFlow checkpoint");
}

TEST(ReadWeights, ShowsControlCharactersOfNamesEscaped) {
  const std::string pickle = crafted::whole(crafted::dict(crafted::text("w\x1b[31m") + crafted::tensor({.stored = 9})));
  expect_says(thrown_by([&] { crafted::read(crafted::pytorch_zip(pickle)); }), ErrorKind::weights, "'w\\x1b[31m'");
}

TEST(ReadWeights, RemovesAPrefixOnlyWhereAllNamesHaveIt) {
  using namespace crafted;
  const std::string mixed = text("module.a") + tensor({}) + text("head") + tensor({});
  EXPECT_TRUE(read(pytorch_zip(whole(dict(mixed)))).tensors.contains("module.a"));
}

TEST(ReadWeights, NamesTheKeysOfADictWithoutTensors) {
  using namespace crafted;
  const auto reading = [](const std::string& pickled) { return thrown_by([&] { read(pytorch_zip(whole(pickled))); }); };
  expect_says(reading(dict(text("epoch") + "K\x01" + text("lr") + "K\x02")), ErrorKind::weights,
              "holds a dict of 'epoch', 'lr'");
  expect_says(reading("}"), ErrorKind::weights, "holds an empty dict");
  expect_says(reading("]"), ErrorKind::weights, "holds a list");
  expect_says(reading(tensor({})), ErrorKind::weights, "holds a single tensor");
}

}  // namespace
}  // namespace enxerto

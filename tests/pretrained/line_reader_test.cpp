#include "enxerto/pretrained/line_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/builder.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/onnx/counted_columns.h"
#include "enxerto/pretrained/ready_model.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

const std::string kFile = ENXERTO_TEST_DATA "/pretrained/line_reader.onnx";

TEST(LineReader, IsABackboneWithWhatItsUnitsWrite) {
  const Backbone backbone = load_backbone(kFile);
  EXPECT_EQ(backbone.units, (std::vector<std::string>{"", "a", "b", "c", "d", "e", "\xC3\xA3", "\xE2\x82\xAC", " "}));
  const std::vector<std::string> stages = backbone.graph.stages();
  ASSERT_GE(stages.size(), 3U);
  EXPECT_EQ(stages.back(), "head");
  EXPECT_EQ(stages[stages.size() - 2], "neck");
  EXPECT_EQ(backbone.graph.outputs.front().name, "logits");
  EXPECT_EQ(backbone.graph.parameters.at("head.weight").shape(), (Shape{9, 16}));
  const Json record = backbone.spec.preprocessor->record();
  EXPECT_EQ(record["kind"], "text_line");
  EXPECT_EQ(record["height"], 16);
  EXPECT_EQ(record["reach"], 5) << "a frame is there from five columns on";
}

TEST(LineReader, IsTheOnlyOneOfItsFolder) {
  testing::TemporaryDirectory folder;
  EXPECT_EQ(line_reader_file(kFile), std::filesystem::path(kFile));
  EXPECT_FALSE(is_line_reader(folder.path()));
  std::filesystem::copy(kFile, folder.path() / "rec.onnx");
  EXPECT_EQ(line_reader_file(folder.path()), folder.path() / "rec.onnx");
  EXPECT_EQ(load_backbone(folder.path().string()).units.size(), 9U);
}

/// The file with another list of characters of the same length in bytes.
std::filesystem::path with_characters(const testing::TemporaryDirectory& folder, const std::string& characters) {
  std::string bytes = read_text(kFile, std::size_t{1} << 24);
  const std::string before = "a\nb\nc\nd\ne\n\xC3\xA3\n\xE2\x82\xAC";
  const std::size_t at = bytes.find(before);
  EXPECT_NE(at, std::string::npos);
  EXPECT_EQ(characters.size(), before.size());
  bytes.replace(at, before.size(), characters);
  const std::filesystem::path file = folder.path() / "rec.onnx";
  write_atomically(file, bytes);
  return file;
}

TEST(LineReader, ACharacterThatIsListedTwiceIsRefused) {
  testing::TemporaryDirectory folder;
  try {
    (void)load_backbone(with_characters(folder, "a\nb\nc\nb\ne\n\xC3\xA3\n\xE2\x82\xAC").string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_TRUE(error.text().where.ends_with("character, line 4")) << error.text().where;
    EXPECT_EQ(error.text().found, "'b', which line 2 has too");
  }
}

TEST(LineReader, TheMarkOfWindowsEditorsIsNoCharacter) {
  testing::TemporaryDirectory folder;
  const Backbone backbone = load_backbone(with_characters(folder,
                                                          "\xEF\xBB\xBF"
                                                          "a\nb\nc\nd\ne\nf\ng")
                                              .string());
  EXPECT_EQ(backbone.units.at(1), "a");
}

TEST(ReadyModel, SaysThatAnOnnxFileIsDamagedOrOfAnotherNetwork) {
  testing::TemporaryDirectory folder;
  const auto found = [&](const std::filesystem::path& path) {
    try {
      (void)ready_model(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::weights);
      return error.text().found;
    }
    return std::string("no error");
  };
  const std::string whole = read_text(kFile, std::size_t{1} << 24);
  const std::filesystem::path file = folder.path() / "cut.onnx";
  write_atomically(file, whole.substr(0, whole.size() / 2));
  EXPECT_EQ(found(file), "not an ONNX model, or a truncated one");
  EXPECT_EQ(found(folder.path()), "not an ONNX model, or a truncated one") << "the only one of a folder";
  std::string other = whole;
  const std::size_t key = other.find("character");
  ASSERT_NE(key, std::string::npos);
  other.replace(key, 9, "otherword");
  write_atomically(file, other);
  EXPECT_EQ(found(file), "an ONNX network that does not say what its answers mean");
  EXPECT_EQ(found(folder.path() / "none"), "no error") << "whoever opens it says that it is not there";
}

TEST(LineReader, OnnxFilesAreReadWithTheSizesThatAreKnown) {
  const OnnxModel model = read_onnx(kFile, [](const auto& metadata) -> SymbolicShape {
    EXPECT_EQ(metadata.count("character"), 1U);
    return {"batch", 3, 48, "columns"};
  });
  EXPECT_EQ(to_string(model.graph.inputs.at(0).shape), "(batch, 3, 16, columns)") << "what the file says, stays";
  EXPECT_EQ(onnx_metadata(kFile), model.metadata);
}

TEST(LineReader, WhatMixesColumnsInAnotherWayIsRefusedByItsName) {
  GraphBuilder net("odd");
  const std::string x = net.input("x", {"batch", 3, 16, "frames*8"});
  net.stage("all");
  net.output(net.add("CumSum", "sums", {x, net.constant(Tensor::scalar<std::int64_t>(3))}), "y");
  try {
    (void)with_counted_columns(std::move(net).finish().fill({}), 8, "odd.onnx");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("CumSum sums"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto

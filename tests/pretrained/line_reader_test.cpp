#include "enxerto/pretrained/line_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/onnx/counted_columns.h"
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

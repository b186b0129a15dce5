#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/position_grid.h"
#include "enxerto/pretrained/rename.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using How = PositionResampling;
using testing::zero_weights;
using testing::zeros;

constexpr How kAll[] = {How::antialiased, How::plain, How::corners, How::offset_by_a_tenth};

/// One number wide: a class token of 9, then `value` at each place of a grid.
Tensor grid(std::int64_t side, double (*value)(double x, double y)) {
  TensorBuffer buffer(DType::f32, {1, 1 + side * side, 1});
  buffer.as<float>()[0] = 9;
  for (std::int64_t y = 0; y < side; ++y)
    for (std::int64_t x = 0; x < side; ++x)
      buffer.as<float>()[static_cast<std::size_t>(1 + y * side + x)] =
          static_cast<float>(value(static_cast<double>(x), static_cast<double>(y)));
  return std::move(buffer).freeze();
}

TEST(Positions, KeepAConstantAndTheClassToken) {
  const Tensor flat = grid(7, [](double, double) { return 2.5; });
  for (const How how : kAll)
    for (const std::int64_t side : {1, 3, 14}) {
      const Tensor found = resample_positions(flat, {1, 1 + side * side, 1}, how);
      ASSERT_EQ(found.shape(), (Shape{1, 1 + side * side, 1}));
      EXPECT_EQ(found.as<float>()[0], 9.0F);
      for (const float value : found.as<float>().subspan(1)) EXPECT_NEAR(value, 2.5, 1e-6);
    }
}

TEST(Positions, AreRowByRow) {
  const Tensor slope = grid(8, [](double x, double y) { return x + 100 * y; });
  for (const How how : kAll) {
    const Tensor found = resample_positions(slope, {1, 17, 1}, how);
    const auto values = found.as<float>().subspan(1);
    EXPECT_GT(values[1], values[0]);
    EXPECT_LT(values[1] - values[0], 5);
    EXPECT_GT(values[4] - values[0], 100);
  }
}

TEST(Positions, AtCornersStayWhereTheyAre) {
  const Tensor slope = grid(5, [](double x, double y) { return x + 10 * y; });
  const Tensor found = resample_positions(slope, {1, 10, 1}, How::corners);
  EXPECT_NEAR(found.as<float>()[1], 0, 1e-6);
  EXPECT_NEAR(found.as<float>()[2], 2, 1e-6);
  EXPECT_NEAR(found.as<float>()[9], 44, 1e-5);
}

TEST(Positions, AreSharedWhereTheSizeIsTheirs) {
  const Tensor own = grid(4, [](double x, double) { return x; });
  for (const How how : kAll) EXPECT_EQ(resample_positions(own, own.shape(), how).data(), own.data());
}

TEST(Positions, OfAnotherFormStayAsTheyAre) {
  for (const Shape& shape :
       {Shape{1, 7, 3}, Shape{2, 5, 3}, Shape{5, 3}, Shape{1, 1, 3}, Shape{1, 0, 3}, Shape{1, 5, 0}})
    EXPECT_EQ(resample_positions(zeros(shape), {1, 10, 3}, How::plain).shape(), shape);
  EXPECT_EQ(resample_positions(zeros({1, 5, 3}), {1, 10, 4}, How::plain).shape(), (Shape{1, 5, 3}));
  EXPECT_EQ(resample_positions(zeros({1, 5, 3}), {1, 8, 3}, How::plain).shape(), (Shape{1, 5, 3}));
  const Tensor whole = Tensor::of<std::int64_t>({1, 5, 1}, {1, 2, 3, 4, 5});
  EXPECT_EQ(resample_positions(whole, {1, 10, 1}, How::plain).dtype(), DType::i64);
}

TEST(Rename, AnchorsAtTheBeginningAndKeepsWhatIsTaken) {
  constexpr Rename kTable[] = {{"^a.", ""}, {".x", ".y"}};
  EXPECT_EQ(renamed(std::string("a.b.x"), kTable), "b.y");
  EXPECT_EQ(renamed(std::string("b.a.x"), kTable), "b.a.y");
  StateDict both;
  both.set("w", zeros({1}));
  both.set("a.w", zeros({2}));
  const StateDict ours = renamed(both, kTable);
  EXPECT_EQ(ours.at("w").shape(), (Shape{1}));
  EXPECT_EQ(ours.at("a.w").shape(), (Shape{2}));
}

/// A file of transformers' with one block, in the zoo's names but for what the test is about.
StateDict split_attention() {
  StateDict weights;
  weights.set("vit.embeddings.patch_embeddings.projection.weight", zeros({4, 3, 16, 16}));
  for (const auto& [part, value] : {std::pair{"query", 1.0F}, {"key", 2.0F}, {"value", 3.0F}})
    weights.set(std::string("vit.encoder.layer.0.attention.attention.") + part + ".bias",
                Tensor::of<float>({1}, {value}));
  return weights;
}

TEST(TransformersNames, JoinQueryKeyAndValue) {
  const StateDict theirs = split_attention();
  const NameTable* const table = name_table_for(theirs);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->name, "transformers_vit");
  const StateDict ours = table->translate(theirs, find_architecture("vit_b16").build());
  const auto joined = ours.at("blocks.0.attn.qkv.bias").as<float>();
  EXPECT_EQ((std::vector<float>{joined.begin(), joined.end()}), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(ours.size(), 2U);
}

TEST(TransformersNames, LeaveApartWhatDoesNotGoTogether) {
  StateDict theirs = split_attention();
  theirs.set("vit.encoder.layer.0.attention.attention.key.bias", zeros({2}));
  const StateDict ours = name_table_for(theirs)->translate(theirs, find_architecture("vit_b16").build());
  EXPECT_FALSE(ours.contains("blocks.0.attn.qkv.bias"));
  EXPECT_TRUE(ours.contains("blocks.0.attn.q.bias"));
}

TEST(VisionTransformerNames, KeepApartWhoseFileItIs) {
  StateDict dino = zero_weights("dinov2_vits14", 5);
  EXPECT_EQ(name_table_for(dino)->name, "timm_vit");
  dino.set("mask_token", zeros({1, 384}));
  EXPECT_EQ(name_table_for(dino)->name, "dinov2");
  dino.erase("head.weight");
  dino.erase("head.bias");
  const FittedWeights fitted = fit_weights(find_architecture("dinov2_vits14"), 56, dino, "w");
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 384}));
  EXPECT_EQ(fitted.graph.parameters.at("pos_embed").shape(), (Shape{1, 17, 384}));
}

TEST(VisionTransformerNames, RefuseAClassifierOfAnotherKindByName) {
  try {
    fit_weights(find_architecture("dinov2_vits14"), 56, zero_weights("dinov2_vits14_lc", 5), "w");
    FAIL() << "fitted";
  } catch (const Error& error) {
    EXPECT_NE(error.text().tip.find("backbone.name = dinov2_vits14_lc"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto

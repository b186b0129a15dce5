#include "enxerto/heads/skinny_product.h"

#include <gtest/gtest.h>

#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

/// Sizes around the tiles' edges: rows, features, classes.
struct Size {
  std::size_t rows, features, classes;
};
constexpr Size kSizes[] = {{1, 1, 1},  {3, 5, 2},   {4, 16, 5},    {7, 33, 6},
                           {9, 64, 7}, {13, 83, 9}, {48, 131, 10}, {5, 200, 23}};

TEST(SkinnyProduct, ScoresEqualPlainSumsOnEveryInstructionSet) {
  for (const Size& size : kSizes) {
    const MadeRows x({size.rows, size.features, 2}), w({size.classes, size.features, 2});
    for (const SkinnyProduct& product : usable_skinny_products()) {
      std::vector<float> out(size.rows * size.classes, -1.0F);
      product.scores({x.rows.row.data(), size.rows, size.features}, size.classes, w.values.data(), out.data());
      for (std::size_t r = 0; r < size.rows; ++r)
        for (std::size_t k = 0; k < size.classes; ++k) {
          double sum = 0, magnitude = 1;
          for (std::size_t f = 0; f < size.features; ++f) {
            const double term = double{x.rows.row[r][f]} * double{w.rows.row[k][f]};
            sum += term;
            magnitude += std::abs(term);
          }
          EXPECT_NEAR(double{out[r * size.classes + k]}, sum, 1e-6 * magnitude) << product.name;
        }
    }
  }
}

TEST(SkinnyProduct, AccumulateAddsPlainSumsOnEveryInstructionSet) {
  for (const Size& size : kSizes) {
    const MadeRows x({size.rows, size.features, 2}), p({size.rows, size.classes, 2});
    for (const SkinnyProduct& product : usable_skinny_products()) {
      std::vector<double> total(size.classes * size.features, 0.25);
      product.accumulate({x.rows.row.data(), size.rows, size.features}, size.classes, p.values.data(), total.data());
      for (std::size_t k = 0; k < size.classes; ++k)
        for (std::size_t f = 0; f < size.features; ++f) {
          double sum = 0.25, magnitude = 1;
          for (std::size_t r = 0; r < size.rows; ++r) {
            const double term = double{x.rows.row[r][f]} * double{p.rows.row[r][k]};
            sum += term;
            magnitude += std::abs(term);
          }
          EXPECT_NEAR(total[k * size.features + f], sum, 1e-6 * magnitude) << product.name;
        }
    }
  }
}

TEST(SkinnyProduct, PlainSse2IsAlwaysThereAndTheFastestIsLast) {
  EXPECT_EQ(usable_skinny_products().front().name, "sse2");
  EXPECT_EQ(usable_skinny_products().back().name, fastest_skinny_product().name);
}

TEST(SkinnyProduct, BlocksStayInTheCacheAndAreNeverEmpty) {
  for (const std::size_t features : {1UL, 512UL, 1280UL, 25088UL, 1000000UL}) {
    EXPECT_GE(rows_per_block(features), 12U);
    EXPECT_LE(rows_per_block(features), 96U);
  }
}

}  // namespace
}  // namespace enxerto

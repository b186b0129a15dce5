#include "enxerto/heads/nearest_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

/// Of all rows in double, less the mean of the first `searched`.
std::vector<std::vector<double>> directions(const MadeRows& made, std::size_t searched) {
  std::vector<std::vector<double>> found(made.rows.size(), std::vector<double>(made.rows.width));
  for (std::size_t j = 0; j < made.rows.width; ++j) {
    double mean = 0;
    for (std::size_t i = 0; i < searched; ++i) mean += double{made.rows.row[i][j]} / static_cast<double>(searched);
    for (std::size_t i = 0; i < found.size(); ++i) found[i][j] = double{made.rows.row[i][j]} - mean;
  }
  for (auto& row : found) {
    const double length = std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
    for (double& value : row) value /= length;
  }
  return found;
}

TEST(NearestRows, AreThoseOfTheHighestCosinesWhateverTheThreads) {
  constexpr std::size_t kSearched = 211, kAll = 280;
  const MadeRows made({.rows = kAll, .width = 37, .classes = 5});
  const StoredRows stored(made.rows, "features", {37});
  std::vector<std::size_t> rows(kSearched), queries(kAll - kSearched);
  std::iota(rows.begin(), rows.end(), 0U);
  std::iota(queries.begin(), queries.end(), kSearched);
  const auto expected = directions(made, kSearched);
  for (const int threads : {1, 3}) {
    const auto found =
        nearest_rows({.stored = stored, .rows = rows, .queries = queries, .neighbours = 2, .threads = threads});
    ASSERT_EQ(found.size(), queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i) {
      ASSERT_EQ(found[i].size(), 2U);
      EXPECT_GE(found[i][0].cosine, found[i][1].cosine);
      const auto cosine = [&](std::size_t row) {
        return std::inner_product(expected[row].begin(), expected[row].end(), expected[queries[i]].begin(), 0.0);
      };
      EXPECT_NEAR(double{found[i][0].cosine}, cosine(found[i][0].row), 1e-5);
      for (const std::size_t row : rows) {
        if (row == found[i][0].row) continue;
        EXPECT_LE(cosine(row), double{found[i][1].cosine} + 1e-5);
      }
    }
  }
}

TEST(NearestRows, OfEqualRowsAreTheFirst) {
  const std::vector<float> values{1, 0, 0, 1, 1, 0, 0, 1, 1, 0};
  const auto at = [&](std::size_t row) { return values.data() + 2 * row; };
  const Rows all{.width = 2, .row = {at(0), at(1), at(2), at(3), at(4)}};
  const StoredRows stored(all, "features", {2});
  const std::vector<std::size_t> rows{0, 1, 2, 3}, queries{4};
  const auto found = nearest_rows({.stored = stored, .rows = rows, .queries = queries, .neighbours = 9});
  ASSERT_EQ(found.at(0).size(), 4U);
  EXPECT_EQ(found[0][0].row, 0U);
  EXPECT_EQ(found[0][1].row, 2U);
}

TEST(NearestRows, OfNothingAreNone) {
  const StoredRows stored;
  EXPECT_TRUE(nearest_rows({.stored = stored, .rows = {}, .queries = {}}).empty());
}

}  // namespace
}  // namespace enxerto

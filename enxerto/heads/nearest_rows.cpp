#include "enxerto/heads/nearest_rows.h"

#include <algorithm>
#include <cmath>

#include "enxerto/base/threads.h"
#include "enxerto/heads/skinny_product.h"

namespace enxerto {
namespace {

/// Weights of so many queries stay in a core's second-level cache beside a block of rows.
constexpr std::size_t kQueries = 48;
constexpr std::size_t kMeanOf = 4096;

std::vector<float> mean_of(const RowSearch& search) {
  const std::size_t width = search.stored.width(), count = std::min(search.rows.size(), kMeanOf);
  std::vector<double> total(width);
  std::vector<float> row(width);
  for (std::size_t i = 0; i < count; ++i) {
    search.stored.copy(search.rows[i * search.rows.size() / count], row);
    for (std::size_t j = 0; j < width; ++j) total[j] += static_cast<double>(row[j]);
  }
  for (std::size_t j = 0; j < width; ++j) row[j] = static_cast<float>(total[j] / static_cast<double>(count));
  return row;
}

/// Rows less the mean, of length one; of a row that is the mean, zeros.
void copy_directions(const RowSearch& search, std::span<const std::size_t> rows, std::span<const float> mean,
                     std::span<float> to) {
  const std::size_t width = mean.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<float> row = to.subspan(i * width, width);
    search.stored.copy(rows[i], row);
    float squares = 0;
    for (std::size_t j = 0; j < width; ++j) {
      row[j] -= mean[j];
      squares += row[j] * row[j];
    }
    const float scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
    for (float& value : row) value *= scale;
  }
}

void keep_nearest(std::vector<NearRow>& nearest, const NearRow& found, std::size_t most) {
  if (nearest.size() == most && !(found.cosine > nearest.back().cosine)) return;
  if (nearest.size() == most) nearest.pop_back();
  const auto nearer = [](float cosine, const NearRow& other) { return cosine > other.cosine; };
  nearest.insert(std::upper_bound(nearest.begin(), nearest.end(), found.cosine, nearer), found);
}

}  // namespace

std::vector<std::vector<NearRow>> nearest_rows(const RowSearch& search) {
  std::vector<std::vector<NearRow>> nearest(search.queries.size());
  if (search.rows.empty() || search.queries.empty() || search.neighbours == 0) return nearest;
  const std::vector<float> mean = mean_of(search);
  const std::size_t width = mean.size(), block = rows_per_block(width);
  const SkinnyProduct& product = fastest_skinny_product();
  parallel_for(search.threads, (search.queries.size() + kQueries - 1) / kQueries, [&](std::size_t part) {
    const std::size_t first = part * kQueries, count = std::min(kQueries, search.queries.size() - first);
    std::vector<float> queries(count * width), rows(block * width), cosines(block * count);
    std::vector<const float*> places(block);
    for (std::size_t i = 0; i < block; ++i) places[i] = rows.data() + i * width;
    copy_directions(search, search.queries.subspan(first, count), mean, queries);
    for (std::size_t begin = 0; begin < search.rows.size(); begin += block) {
      const std::size_t in_block = std::min(block, search.rows.size() - begin);
      copy_directions(search, search.rows.subspan(begin, in_block), mean, rows);
      product.scores({.rows = places.data(), .count = in_block, .features = width}, count, queries.data(),
                     cosines.data());
      for (std::size_t i = 0; i < in_block; ++i)
        for (std::size_t query = 0; query < count; ++query)
          keep_nearest(nearest[first + query], {search.rows[begin + i], cosines[i * count + query]}, search.neighbours);
    }
  });
  return nearest;
}

}  // namespace enxerto

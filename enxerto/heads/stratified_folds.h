#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace enxerto {

/// Which fold holds each row out; -1 for a row that no fold holds out, its class's only member.
struct Folds {
  int count = 0;  ///< 0 where nothing can be held out
  std::vector<int> of_row;
};

/// Deals each class's rows out to the folds in a seeded order. `wanted` folds, or as many as the smallest class of two
/// or more has members, at least 2.
Folds stratified_folds(std::span<const std::int64_t> labels, std::size_t classes, int wanted, std::uint64_t seed);

/// Rising indices of about `most` rows, each class by its share and with two members at least where it has them; all
/// rows where there are no more than `most`.
std::vector<std::size_t> stratified_sample(std::span<const std::int64_t> labels, std::size_t classes, std::size_t most,
                                           std::uint64_t seed);

}  // namespace enxerto

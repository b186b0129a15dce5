#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/stored_rows.h"

namespace enxerto {

/// A row, and the cosine between it and a query, both less the mean of the rows that are searched: of features that
/// are never negative the plain cosine is high between any two.
struct NearRow {
  std::size_t row = 0;
  float cosine = 0;
};

/// Rows of one matrix by their numbers: those that are searched, and those whose neighbours are wanted.
struct RowSearch {
  const StoredRows& stored;
  std::span<const std::size_t> rows, queries;
  std::size_t neighbours = 1;  ///< of each query, at most
  int threads = 1;
};

/// Of each query its nearest rows, nearest first and of equal ones the first. The same for any number of threads.
std::vector<std::vector<NearRow>> nearest_rows(const RowSearch& search);

}  // namespace enxerto

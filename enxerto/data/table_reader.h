#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace enxerto {

/// Goes through the rows of a table, whatever it is written in.
class TableReader {
 public:
  virtual ~TableReader() = default;

  /// The next row into `fields`; false at the end. Throws Error{data} naming file:line; the next call goes on behind
  /// what could not be read.
  virtual bool next(std::vector<std::string>& fields) = 0;

  /// The line, from 1, in which the last row began.
  virtual std::size_t line() const = 0;
};

}  // namespace enxerto

#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// The lines of a pipe, a terminal or a file, in blocks of what is there.
class LineStream {
 public:
  struct Line {
    std::string text;        ///< without the '\n' behind it; nothing where it is too long
    std::size_t number = 0;  ///< from 1 on
    bool too_long = false;
  };

  /// `descriptor` is open for reading and stays so; lines have at most `longest` bytes.
  LineStream(int descriptor, std::size_t longest) : descriptor_(descriptor), longest_(longest) {}

  /// Waits for a line; then those that can be had without waiting, up to some thousand or some MiB. None: the end.
  /// Throws Error{interrupted} when cancelled, Error{data} where nothing can be read.
  std::vector<Line> next(const Progress& progress);

 private:
  void cut_lines(std::vector<Line>& lines);
  void finish_line(std::vector<Line>& lines, std::string text);
  bool ready(int milliseconds) const;
  void read_some();

  int descriptor_;
  std::size_t longest_;
  std::string bytes_;         ///< read, and not yet a line
  std::size_t searched_ = 0;  ///< bytes of it without an end of a line
  std::size_t number_ = 0;
  bool skips_ = false;  ///< the rest of a line that is too long
  bool ended_ = false;
};

}  // namespace enxerto

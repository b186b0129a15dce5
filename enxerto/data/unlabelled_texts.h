#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/data/text_cells.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// Each line that is not blank as an example, "NAME:LINE". Where the first begins with {, each is an object of JSON
/// (`JsonLinesReader`) with the texts under the keys `learned` where all are there, else those that `open_csv` knows:
/// text, sentence .., or a pair such as sentence1 and sentence2. A line that is no such object is an example that
/// cannot be read, as one of a pair without a text is. Throws Error{data} naming `name`: no lines, none that can be
/// read, no such key.
DatasetPtr text_lines(std::string_view text, const std::string& name, const std::vector<std::string>& learned = {});

/// The texts of a table, by their column's names as above; the only column needs none. A row of more or fewer fields
/// than there are columns, and a line that is no object of JSON, is an example that cannot be read. Throws as
/// `open_csv`.
DatasetPtr text_table(const std::filesystem::path& path, const std::vector<std::string>& learned = {});

/// The same of lines that come one after the other, in blocks. The first line that is no blank tells whether they are
/// texts or objects of JSON, a first one that only begins like an object tells nothing. A line of the other kind, an
/// object without the texts, or with an empty one of several, is an example that cannot be read, and stops nothing.
class TextLineReader {
 public:
  TextLineReader(std::string name, std::vector<std::string> learned);

  void add(std::string_view line, std::size_t number);
  void add_too_long(std::size_t number, std::size_t longest);

  /// The lines since the last block; nullptr: none, or blank ones.
  DatasetPtr take();

  /// All that were not blank, and those that were, which are no examples.
  std::size_t lines() const { return lines_; }
  std::size_t blanks() const { return blanks_; }

 private:
  enum class Form { unknown, plain, json };

  void begin();
  void add_line(std::string_view line, const std::string& where, std::size_t number);
  void add_object(const Json& object, const std::string& where, std::size_t number);

  std::string name_;
  std::vector<std::string> learned_;
  std::vector<std::string> keys_ = {};  ///< under which the first object has its texts, and all others too
  TextCells cells_;
  Form form_ = Form::unknown;
  std::size_t lines_ = 0, blanks_ = 0;
};

}  // namespace enxerto

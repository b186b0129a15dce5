#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// Texts of a table or of lines, in memory one after the other; a million in little more than their bytes.
class TextCells {
 public:
  /// An example has `fields` texts; 0: none has been added, and none will be.
  explicit TextCells(std::size_t fields = 0) : fields_(fields) {}

  /// Where the examples come from, as their ids say it: "train.tsv".
  void set_source(std::string name);

  /// Without the line ends behind each text.
  void add(std::span<const std::string_view> texts, std::size_t line);

  /// An example that cannot be read: to ask for its texts throws this as Error{data}.
  void add_bad(ErrorText reason, std::size_t line);

  std::size_t size() const { return lines_.size(); }
  std::size_t fields() const { return fields_; }

  /// "train.tsv:17".
  std::string id(std::size_t i) const;

  /// Its fields share the memory of these cells; nothing may be added any more.
  std::unique_ptr<Example> example(std::size_t i) const;

 private:
  std::size_t fields_;
  std::shared_ptr<std::string> bytes_ = std::make_shared<std::string>();
  std::vector<std::uint64_t> ends_;  ///< of each text in `bytes_`
  std::vector<std::uint32_t> lines_, sources_;
  std::map<std::size_t, ErrorText> bad_;
  std::vector<std::string> names_;
};

/// Texts without answers, as a data set.
DatasetPtr text_dataset(TextCells cells);

}  // namespace enxerto

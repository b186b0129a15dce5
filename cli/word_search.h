#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "command.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto::cli {

/// A language model that words are searched for with: `--language-model` and what it takes.
class WordSearchOptions {
 public:
  void add_to(Command& command);

  /// The name of one that was given; "": none.
  std::string given() const;

  /// Reads the model. Throws Error{usage} for options that have no effect, and as `NgramModel::read` does.
  void apply(std::optional<std::size_t> beams, ReadingOptions& reading) const;

 private:
  std::string file_;
  std::optional<double> weight_, bonus_;
};

}  // namespace enxerto::cli

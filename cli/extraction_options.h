#pragma once
#include <optional>

#include "enxerto/workflow/evaluate.h"
#include "field_options.h"

namespace enxerto::cli {

/// Options of the commands that run a saved model over many pictures.
class ExtractionOptions {
 public:
  void add_to(Command& command);

  /// Throws Error{usage} for a value out of its range.
  void apply(EvaluateOptions& options) const;

 private:
  std::optional<FieldOptions> fields_;
};

}  // namespace enxerto::cli

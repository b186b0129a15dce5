#pragma once
#include <optional>

#include "enxerto/features/extract.h"
#include "field_options.h"

namespace enxerto::cli {

/// Options of the commands that run a saved model over many pictures.
class ExtractionOptions {
 public:
  void add_to(Command& command);

  /// Opens the cache.
  ExtractOptions resolve() const;

 private:
  std::optional<FieldOptions> fields_;
};

}  // namespace enxerto::cli

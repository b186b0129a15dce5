#pragma once
#include <memory>
#include <string>
#include <vector>

#include "field_options.h"

namespace enxerto::cli {

/// The options of `enxerto train`: one for each key of the recipe but those of phases. What is typed wins over the file
/// given with --recipe.
class RecipeOptions {
 public:
  explicit RecipeOptions(Command& command);

  /// The recipe as asked; checked.
  Recipe recipe() const;

 private:
  FieldOptions fields_;
  std::string file_;
  bool resume_ = false;
};

}  // namespace enxerto::cli

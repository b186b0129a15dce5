#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "enxerto/workflow/recipe.h"

namespace enxerto::cli {

/// The options of `enxerto train`, each a key of the recipe: what is typed wins over the file given with --recipe.
class RecipeOptions {
 public:
  explicit RecipeOptions(CLI::App& command);

  /// The recipe as asked; checked.
  Recipe recipe() const;

 private:
  template <typename T>
  CLI::Option* add(const std::string& name, T& (*field)(Recipe&), const std::string& about);
  void add_data_options();
  void add_network_options();
  void add_run_options();

  CLI::App& command_;
  std::string file_;
  std::vector<std::function<void(Recipe&)>> overrides_;
};

}  // namespace enxerto::cli

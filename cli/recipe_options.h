#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto::cli {

/// What every command says of the two options that name a pretrained network.
inline constexpr const char* kBackboneHelp =
    "Pretrained network (efficientnet_lite0): a name of 'enxerto models', a weight file, a saved model, X.onnx, a "
    "folder "
    "of Hugging Face or timm, or org/name";
inline constexpr const char* kWeightsHelp =
    "Its weights: a file (PyTorch, safetensors, Keras, TF.js), or whose: torchvision, keras ..";

/// The options of `enxerto train`, each a key of the recipe: what is typed wins over the file given with --recipe.
class RecipeOptions {
 public:
  explicit RecipeOptions(Command& command);

  /// The recipe as asked; checked.
  Recipe recipe() const;

 private:
  template <typename T>
  Option* add(const std::string& name, T& (*field)(Recipe&), const std::string& about);
  void add_data_options();
  void add_network_options();
  void add_training_options();
  void add_run_options();

  Command& command_;
  std::string file_;
  std::vector<std::function<void(Recipe&)>> overrides_;
};

}  // namespace enxerto::cli

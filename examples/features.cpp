// Writes what a frozen network sees in each picture, for use elsewhere (NumPy, scikit-learn, a search index).
// Usage: features FOLDER OUTPUT.npy
#include <exception>
#include <iostream>

#include "enxerto/enxerto.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: features FOLDER OUTPUT.npy\n";
    return 2;
  }
  try {
    enxerto::Recipe recipe;
    recipe.data.path = argv[1];
    recipe.backbone.name = "efficientnet_lite0";
    recipe.input.size = 96;
    const enxerto::FeatureReport report = enxerto::extract_features(recipe, {.output = argv[2], .replace = true});
    std::cout << report.rows << " rows of shape " << enxerto::to_string(report.row_shape) << " in " << report.output
              << "; " << report.cached << " were already in the cache\n";
  } catch (const enxerto::Error& error) {
    std::cerr << error.what() << '\n';
    return error.exit_code();
  }
}

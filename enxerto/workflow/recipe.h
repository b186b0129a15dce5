#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace enxerto {

/// Everything that is asked of a training run. Each field is a key of a recipe file (TOML) and an option of `enxerto
/// train`; what is left at its default is decided by the run, and the run's full recipe is saved with the model.
struct Recipe {
  struct Data {
    std::string path = "";  ///< pictures to learn from: class folders, IDX or CIFAR
    std::string test = "";  ///< held-out pictures for the headline figure; "" for the publisher's test part or a split
    std::string validation = "";      ///< further held-out pictures that are reported on
    double held_out = 0.2;            ///< share of each class that is split off where there is no test data
    std::int64_t take = 0;            ///< only the first so many training pictures; 0: all
    std::int64_t take_per_class = 0;  ///< only the first so many of each class
    std::int64_t test_take = 0;       ///< the same for the test data
    std::int64_t test_take_per_class = 0;
    std::string on_bad = "error";  ///< a picture that cannot be read: error | skip
  } data = {};
  struct Backbone {
    std::string name = "efficientnet_lite0";  ///< a name, or where a network is: see `load_backbone`
    std::string weights = "";                 ///< a file, or whose ("keras"); "" finds the registered one
  } backbone = {};
  struct Input {
    std::int64_t size = 0;       ///< side of the square that the network sees, px; 0: the one of pretraining
    std::string fit = "auto";    ///< auto (as in pretraining) | crop | squash
    bool scaled_decode = false;  ///< faster JPEG decode, not equal to the bit
  } input = {};
  struct Head {
    double l2 = 0;  ///< strength of the penalty; 0: chosen by cross-validation on the training part
    std::string class_weights = "none";  ///< none | balanced (inverse to the classes' frequency)
  } head = {};
  struct Run {
    std::int64_t seed = 0;
    std::int64_t threads = 0;        ///< 0: physical cores the process may use
    std::int64_t batch = 0;          ///< pictures a call of the engine; 0: chosen from the size
    std::string precision = "auto";  ///< of the frozen prefix: auto | fp32 | bf16
  } run = {};
  struct Cache {
    bool enabled = true;
    std::string directory = "";  ///< "" for $ENXERTO_CACHE or ~/.cache/enxerto
    double limit_gb = 20;        ///< least recently used features are deleted above that; 0: no limit
  } cache = {};
  struct Output {
    std::string path = "";  ///< where the model is saved
    bool replace = false;   ///< a model that is already there is replaced
  } output = {};
};

/// Reads a recipe file, strictly. Throws Error{usage} naming the file and the key (the nearest right one where it is
/// unknown).
Recipe read_recipe(const std::filesystem::path& path);
Recipe recipe_from_toml(std::string_view text, std::string_view where);

/// The full recipe, every key written.
std::string to_toml(const Recipe& recipe);

/// Throws Error{usage} naming the first field with a value out of its range.
void check(const Recipe& recipe);

}  // namespace enxerto

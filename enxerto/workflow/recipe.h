#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/bad_example.h"
#include "enxerto/training/run_settings.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// How much each class counts in the loss.
enum class ClassWeights {
  none,
  balanced,  ///< inversely to its frequency in the training part
};
template <>
inline constexpr std::array<std::string_view, 2> kWords<ClassWeights>{"none", "balanced"};

/// Whether the phases that were chosen run again, on training and validation examples together.
enum class Refit {
  automatic,  ///< where validation examples were held back from fewer than 10,000 to learn from
  always,
  never,
};
template <>
inline constexpr std::array<std::string_view, 3> kWords<Refit>{"auto", "true", "false"};

/// All that is asked of a training run: keys of a recipe file and options of `enxerto train`. The run decides the rest.
struct Recipe {
  struct Data {
    std::string path = "";  ///< examples to learn from: class folders, IDX, CIFAR, or a table of examples and targets
    std::string test = "";  ///< held-out examples for the headline figure; "" for the publisher's test part or a split
    std::string validation = "";                ///< further held-out examples that are reported on
    double test_split = 0.2;                    ///< share of each class that is split off where there is no test data
    std::int64_t take = 0, take_per_class = 0;  ///< only the first so many training examples, or of each class; 0: all
    std::int64_t test_take = 0, test_take_per_class = 0, fold = -1;  ///< the same for the test data; and their fold
    OnBad on_bad = OnBad::few;                                       ///< examples that cannot be read
    /// Share of the training examples that choose epochs and phases of training by gradient. 0: the last epoch's
    /// weights are kept, and the test examples only draw the curve. Negative: `validation_share` decides.
    double validation_split = -1;
    std::string kind = "auto";              ///< of a table: auto, or a row of `target_kinds()`
    std::vector<std::string> targets = {};  ///< columns of a table; empty: found by their content
    std::vector<std::string> texts = {};    ///< one or two columns of texts in a table; empty: found by their content
    std::string label = "";                 ///< pattern over paths, with a capture: a file's class
    std::string images = "";                ///< folder that a table's file names are below; "": the table's own
    std::string group = "";  ///< what no split may divide: a column, a pattern over paths with a capture, or "none"
    std::vector<std::string> classes = {};  ///< only the examples of these classes; empty: all
    std::string documents = "files";        ///< of plain texts: each file, or each of its lines, is a document
  } data = {};
  struct Backbone {
    std::string name = "efficientnet_lite0";  ///< a name, or where a network is: see `load_backbone`
    std::string weights = "";              ///< a file, or whose ("keras"); "" finds the registered one; "random": none
    std::string vocabulary = "words";      ///< of random weights: words | characters | bytes | pieces
    std::int64_t vocabulary_size = 8'000;  ///< pieces of a language, at most
    std::string language = "";             ///< that is spoken, for a network of several that writes what is said
  } backbone = {};
  struct Input {
    std::int64_t size = 0;        ///< side of the square that the network sees, px; 0: the one of pretraining
    std::int64_t max_length = 0;  ///< tokens of a text that it sees; 0: those of pretraining
    std::int64_t rate = 0;        ///< samples a second of a clip, Hz; 0: by the data
    double seconds = 0;           ///< of a clip that it hears; 0: by the data
    std::int64_t stride = 0;      ///< tokens that windows of a longer text share; 0: it is cut, unless the task divides
    std::string fit = "auto";     ///< auto (as in pretraining) | crop | squash | five_points | eyes_and_mouth
    std::string finder = "", detector = "auto";  ///< folder of networks that find a face and its points; which of them
    bool scaled_decode = false;                  ///< faster JPEG decode, not equal to the bit
    std::string normalise = "auto";  ///< of pixels: auto (as in pretraining) | unit (v / 255) | tf (-1 to 1) | torch ..
  } input = {};
  struct Task {
    std::string kind = "auto";        ///< a row of `task_kinds()`; auto: the first that fits the data
    double false_accept_rate = 0.01;  ///< that a threshold is set for, of tasks that set one
  } task = {};
  struct Head {
    std::string kind = "auto", pool = "auto";  ///< auto, or a row of `head_kinds()`; auto, or a pooling of `HeadSpec`
    std::vector<std::int64_t> hidden = {};     ///< widths of the dense layers before the last
    std::string activation = "relu";           ///< of the hidden layers
    bool batch_norm = false;                   ///< in the hidden layers
    std::vector<std::string> features = {};    ///< stages whose maps a head takes that takes maps; empty: it chooses
    std::string output = "auto";               ///< auto, or an output of `HeadSpec`
    std::string init = "glorot";               ///< of its weights: glorot (Keras) | he (PyTorch)
    double dropout = 0, l2 = 0;                ///< l2: penalty of the exact head; 0: chosen by cross-validation
    ClassWeights class_weights = ClassWeights::none;
  } head = {};
  struct Loss {
    std::string kind = "auto";  ///< auto, or a kind of `LossSpec`
    double label_smoothing = 0, focal_gamma = 2, focal_alpha = 0.25, huber_delta = 1, margin = 0, scale = 64;
  } loss = {};
  struct Training {
    std::string preset = "";  ///< feature-extraction | fine-tune | gradual | full | scratch, where there is no phase
    std::string train_from = "", optimizer = "";  ///< changes of a preset's last phase; "", 0: as the preset has it
    std::int64_t epochs = 0, batch_size = 0;
    double learning_rate = 0;
    Refit refit = Refit::automatic;
    std::string time_limit = "";  ///< of the whole run, "20m": phases have fewer epochs where they would take longer
  } training = {};
  RunSettings run = {};
  struct Output {
    std::string path = "";       ///< where the model is saved
    bool replace = false;        ///< a model that is already there is replaced
    bool sample_inputs = false;  ///< golden inputs are examples of the data instead of made-up ones
    std::string adapter = "";    ///< folder for what LoRA has learned, as PEFT keeps it; "": nowhere
    bool examples = true;        ///< OUTPUT.report.html, beside the model, shows examples
  } output = {};
  std::vector<Phase> phases = {};  ///< [[phase]]; without them and without a preset a linear head is solved exactly
  std::string command = "";        ///< that asked for the run, for its report; never part of the file
  bool resume = false;             ///< go on from the checkpoint of a run that was stopped; never part of the file
  std::vector<std::string> notices = {};  ///< what there was to say of the file: old keys; never part of it
};

/// Reads a recipe file, strictly. Throws Error{usage} naming the file, the key and the nearest right one.
Recipe read_recipe(const std::filesystem::path& path);
Recipe recipe_from_toml(std::string_view text, std::string_view where);

/// The full recipe, every key written.
std::string to_toml(const Recipe& recipe);

/// As it goes with a model: without [output] and [cache], and of a path from the root the last name only.
std::string to_portable_toml(const Recipe& recipe);

/// Throws Error{usage} naming the first field with a value out of its range.
void check(const Recipe& recipe);

}  // namespace enxerto

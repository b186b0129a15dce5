#pragma once
#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/state_dict.h"
#include "enxerto/base/words.h"
#include "enxerto/data/dataset.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

struct Bundle;       // bundle/bundle.h
class Preprocessor;  // media/preprocessor.h
class Task;          // tasks/task.h

enum class ModelPrecision {
  fp32,        ///< everywhere; what goldens and `verify` are
  as_trained,  ///< before the head as recorded in the bundle (bf16 where it was, fp32 where this processor has no bf16)
  bf16,        ///< the same in bf16 whatever is recorded
};
template <>
inline constexpr std::array<std::string_view, 3> kWords<ModelPrecision>{"fp32", "as-trained", "bf16"};

struct ModelOptions {
  int threads = 0;                                        ///< 0: `usable_cores()`
  ModelPrecision precision = ModelPrecision::as_trained;  ///< that of the figures in its report
  std::filesystem::path compiled_in = {};  ///< keeps compiled networks here for later processes; empty: nowhere
};

/// What a model says of one example of a data set.
struct PredictedExample {
  std::size_t position = 0;          ///< in the data set
  std::string id;                    ///< the example's name
  std::vector<float> probabilities;  ///< one a class or label, or the values; empty where the example is bad
  std::vector<Prediction> best;      ///< what `Task::read` reads from them; empty where the example is bad
  std::string bad;                   ///< why it could not be read; empty where it could
};

/// A bundle brought to life. Cheap to copy (copies share the network), safe from many threads, compiled on first use.
class Model {
 public:
  /// Throws Error{weights} as `read_bundle` does, and for a task that this version does not know.
  static Model load(const std::filesystem::path& path, const ModelOptions& options = {});

  explicit Model(Bundle bundle, const ModelOptions& options = {});

  const std::vector<std::string>& labels() const;  ///< of the classes, labels or values, by index
  const std::string& recipe() const;               ///< TOML: what was asked for, every key
  const std::string& report() const;               ///< how training went and how good the model is, an HTML page
  const Preprocessor& preprocessor() const;
  const Task& task() const;

  /// What each example is, as `Task::read` reads it: by the model's task the most probable classes, all labels from
  /// the threshold on, or the values. Each example is its fields. Throws Error{data} for one that cannot be read.
  std::vector<std::vector<Prediction>> predict(std::span<const std::vector<Field>> examples,
                                               const ReadingOptions& reading = {}) const;

  /// The same of pictures.
  std::vector<std::vector<Prediction>> predict(std::span<const Image> images, const ReadingOptions& reading = {}) const;
  std::vector<std::vector<Prediction>> predict(std::span<const Image> images, std::size_t top_k) const {
    return predict(images, ReadingOptions{.top_k = top_k});
  }

  /// Preprocessed examples, named as `preprocessor().inputs()`, to outputs by name, all (n, ..); else Error{data}.
  StateDict run(const StateDict& batch) const;

  /// Writes the whole network, preprocessed examples in and its outputs out, as one ONNX file that any runtime reads.
  /// Its metadata_props hold "enxerto.version", "enxerto.task", "enxerto.labels" (a JSON list by class index) and
  /// "enxerto.preprocess" (a JSON object). With `external` the parameters lie in a file beside, called like the path
  /// with ".data" behind. Throws Error{disk}, and Error{usage} where the parameters are too large to be inside.
  void export_onnx(const std::filesystem::path& path, bool external = false) const;

  /// Reads and predicts all examples on all threads, in bounded memory. `each` gets them in the data set's
  /// order, one call at a time, on any thread; an example that cannot be read comes with its reason and stops nothing.
  /// Throws what `each` throws, and Error{interrupted} when cancelled.
  void predict(const Dataset& dataset, const ReadingOptions& reading,
               const std::function<void(const PredictedExample&)>& each, Progress& progress = no_progress()) const;
  void predict(const Dataset& dataset, std::size_t top_k, const std::function<void(const PredictedExample&)>& each,
               Progress& progress = no_progress()) const {
    predict(dataset, ReadingOptions{.top_k = top_k}, each, progress);
  }

 private:
  struct State;
  explicit Model(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace enxerto

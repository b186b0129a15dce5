#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/data/dataset.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/graph.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/metrics/metric.h"
#include "enxerto/tasks/draw_legend.h"
#include "enxerto/tasks/judged.h"
#include "enxerto/tasks/prediction.h"
#include "enxerto/tasks/settling.h"

namespace enxerto {

struct TaskKind;
struct TaskParts;  // tasks/task_parts.h

/// What a model card says of a model.
struct TaskWords {
  std::string purpose = {};   ///< "It says which of 3 classes an example is of: ", before their names
  std::string use = {};       ///< what the command `predict` prints: "label and probability"
  std::string details = {};   ///< a sentence on what report.html has beside the figures
  std::string limits = {};    ///< a sentence on what it is not for
  std::string drawings = {};  ///< of `Task::drawn`: "the true boxes on the left, those predicted on the right."
  std::vector<LegendEntry> legend = {};  ///< the colours that stand for classes there, where their names do not
};

/// How a head can be found without gradient steps.
struct ExactChoice {
  const ExactSolver* solver = nullptr;  ///< null where it cannot
  std::string obstacle = {};            ///< why not: "head.dropout = 0.5"; beside a solver: what it takes no notice of,
                                        ///< "loss.label_smoothing = 0.1", which is for phases that take steps
};

/// What a network is for: how an example's target becomes what the loss and the metrics want, and how an output is
/// read. One file and one row of `task_kinds()` a task; no other layer knows which one it is handling. Immutable, safe
/// from many threads.
class Task {
 public:
  virtual ~Task() = default;
  virtual const TaskKind& kind() const = 0;

  /// What its data are answered with: the kind of target, and its names.
  virtual const TargetSpec& target() const = 0;

  /// What is grown and what it learns by, with everything decided that was left open.
  virtual const HeadSpec& head() const = 0;
  virtual const LossSpec& loss() const = 0;

  /// Units of the head's last layer, as `head_network` takes them.
  virtual std::int64_t width() const { return static_cast<std::int64_t>(target().names.size()); }

  /// What the units of the head's last layer stand for, where units of one meaning are worth keeping when another data
  /// set is learned; empty: a head is always new.
  virtual std::vector<std::string> units() const { return {}; }

  /// What is to be said of the data before anything is learned, a sentence each.
  virtual std::vector<std::string> notes(const TaskParts& /*parts*/) const { return {}; }

  /// What programs get of one example's predictions: {"label": .., "top": ..}, {"labels": ..}, {"values": ..}.
  virtual Json to_json(std::span<const Prediction> found) const = 0;

  /// The loss's further inputs for one example, by name, without the batch. `row` has the values of `row_values()`.
  /// Throws Error{data} for a target that does not fit.
  virtual TensorMap targets(const Tensor& target, const TensorMap& row) const = 0;

  /// What the loss of a batch is the mean over, counted: examples, or what an answer is made of (tokens). `batch` has
  /// the inputs of the trained graph and `targets`.
  virtual double weight(const TensorMap& /*batch*/, std::int64_t examples) const {
    return static_cast<double>(examples);
  }

  /// Values that are kept with each record because the target depends on them: "alignment" (`Alignment::map`), or
  /// inputs by name. Without any the targets of an example are always the same.
  virtual std::vector<std::string> row_values() const { return {}; }

  /// New metrics, what a reader looks for first at the front; they are given outputs by name and the data's own targets
  /// as "target", or, while a phase runs, what the loss got.
  virtual std::vector<std::unique_ptr<Metric>> metrics() const = 0;

  /// The metrics of answers that are read so.
  virtual std::vector<std::unique_ptr<Metric>> metrics_of_read(const ReadingOptions& /*options*/) const {
    return metrics();
  }

  /// What a user should know of answers that are read so. Throws Error{data} where none can be.
  virtual std::vector<std::string> reading_notes(const ReadingOptions& /*options*/) const { return {}; }

  /// The network as it is saved: it answers in the data's own units.
  virtual Graph finished(Graph network) const { return network; }

  /// The task of a network that learned from the examples at `positions` in the end, those that chose among them; null
  /// where it knows nothing of them. It is for a finished network.
  virtual std::shared_ptr<const Task> relearned(const Dataset& /*dataset*/,
                                                std::span<const std::size_t> /*positions*/) const {
    return nullptr;
  }

  /// What settles the task by what the finished network says of the examples that were learned from; null where nothing
  /// follows from that.
  virtual std::unique_ptr<Settling> settling() const { return nullptr; }

  /// The score from which on it says yes, where it has set one by itself (`TaskKind::decides`).
  virtual std::optional<double> decides_from() const { return std::nullopt; }

  /// What the outputs of one example's windows, (windows, ..) each, say together: their mean, (1, ..), unless the task
  /// knows better. `fields` are the example, `alignment` the maps of its windows, (windows, ..), -1 behind shorter
  /// ones. Where the preprocessing divides examples, `read`, `judge` and the metrics take what it gives, one example
  /// each.
  virtual TensorMap joined(const TensorMap& windows, std::span<const Field> fields, const Alignment& alignment,
                           const ReadingOptions& options) const;

  /// What `outputs` of one example say; `fields` are the example, and `alignment` is where its places went. Throws
  /// Error{data} where there are more or fewer numbers than names.
  virtual std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> fields,
                                       const Alignment& alignment, const ReadingOptions& options) const = 0;

  /// The network as other programs get it; its answer is called as `TaskKind::exported` says.
  virtual Graph exported(Graph network) const { return network; }

  /// How far what is read from `outputs` of one example is from its target; beside the outputs they have
  /// `row_values()`. Throws as `read`.
  virtual Judged judge(const TensorMap& outputs, const Tensor& target) const = 0;

  /// What a target says, as predictions have it, with its places; nothing where `TaskKind::draws` is false.
  virtual std::vector<Prediction> as_predictions(const Tensor& /*target*/) const { return {}; }

  /// The example with what was found where it is, at most `side` px wide and high (0: any size); none where
  /// `TaskKind::draws` is false. Throws as `Preprocessor::encode`.
  virtual std::optional<Preview> drawn(std::span<const Field> /*fields*/, std::string_view /*where*/,
                                       std::span<const Prediction> /*found*/, int /*side*/) const {
    return std::nullopt;
  }

  /// What was found as a file of its own, by `TaskKind::file`; none where that is "".
  virtual std::optional<std::vector<std::byte>> answer_file(std::span<const Prediction> /*found*/) const {
    return std::nullopt;
  }

  /// The options of `ReadingOptions` that `read` looks at, as the command line calls them.
  virtual std::vector<std::string_view> reading_options() const { return {}; }

  /// The size against which a difference of outputs counts: 1 for probabilities.
  virtual double scale_of(const Tensor& /*output*/) const { return 1; }

  virtual TaskWords words() const = 0;

  /// What `TaskKind::from_record` reads back, without the "kind": names, scaling, .. Saved models have it as task.json.
  virtual Json record() const = 0;
};
using TaskPtr = std::shared_ptr<const Task>;

/// What a task is made for.
struct TaskData {
  const Dataset& dataset;
  std::span<const std::size_t> training;   ///< positions of the examples that it may learn from: scale of numbers, ..
  const HeadFeatures* features = nullptr;  ///< what its head takes; null where no head is grown
};

/// What is asked of head and loss; what is "auto" the task decides.
struct TaskRequest {
  HeadSpec head = {};
  LossSpec loss = {};
  bool balanced = false;            ///< each class weighs inversely to its frequency
  bool mixes = false;               ///< examples are mixed (mixup, cutmix), so targets must be numbers
  double false_accept_rate = 0.01;  ///< that a threshold is set for (`TaskKind::decides`)
};

/// Where a head is grown.
struct HeadPlace {
  const Graph& network;  ///< up to the features
  HeadFeatures features;
};

/// `head_network` of the features.
inline Blueprint plain_head(const HeadSpec& spec, const HeadPlace& place, std::int64_t units) {
  return head_network(spec, place.features, units);
}

/// A row of the table of tasks.
struct TaskKind {
  std::string_view name;                           ///< "classification", as recipes and bundles say it
  std::string_view title;                          ///< for people
  std::string_view monitor;                        ///< the figure that presets choose by, measured after each epoch
  std::span<const std::string_view> former_names;  ///< that bundles of earlier versions have
  bool (*fits)(const DatasetInfo& info);           ///< data that it is for
  ExactChoice (*exact_solver)(const HeadSpec& head, const LossSpec& loss);  ///< for such a head on frozen features
  /// Throws Error{usage} where head, loss and task do not go together.
  TaskPtr (*make)(const TaskData& data, const TaskRequest& asked);
  /// Throws Error{weights} naming `where` and the member that is missing or wrong.
  TaskPtr (*from_record)(const Json& record, std::string_view where);
  std::string_view exported = "probabilities";  ///< what exported networks call their answer
  std::string_view pool = "";          ///< the pooling of its heads where none is asked for; "": the backbone's
  std::string_view output = "linear";  ///< of a head of which only what it takes is looked at
  std::string_view head = "pooled";    ///< a row of `head_kinds()`, where none is asked for
  bool (*takes_head)(std::string_view kind) = nullptr;  ///< other rows that it takes; null: none
  bool draws = false;                                   ///< what it finds has a place in the example
  bool boxes = false;                                   ///< each thing that it finds has a box
  std::string_view file = "";  ///< ending of the file that an answer is (`Task::answer_file`): ".png"; "": none
  /// What it changes of a preprocessing, by its record, where nothing is asked for: a merge patch; null: nothing.
  Json (*input)(const Json& record) = nullptr;
  std::string_view also_exported = {};  ///< a value of the network that they have as "logits" too; "": none
  std::string_view data_kind = "auto";  ///< kind of target that data are opened as where none is asked for
  Blueprint (*make_head)(const HeadSpec& spec, const HeadPlace& place, std::int64_t units) = plain_head;
  /// Every part of an example is foretold from what is before it: examples are cut into what the network reads at once
  /// (`in_pieces`), the network may not see what comes after, and its head is not new, but the words that it has.
  bool foretells = false;
  /// What is asked for is another text that the network writes: its head has no weights, and how good it is is seen in
  /// the texts that it writes, which are more than an output.
  bool writes = false;
  bool decides = false;              ///< it says yes from a threshold on that a wanted rate of false accepts sets
  bool of_pairs = false;             ///< what it says is of two examples
  bool of_strangers = false;         ///< what chooses and what tests are other identities than those learned from
  bool has_gallery = false;          ///< its record has a gallery (tasks/gallery.h): what it names can be changed
  std::string_view tuned_from = {};  ///< the stage from which a pretrained network is tuned; "": by its costs

  /// Its head is not new: the network could do the task before it was trained.
  bool begins_able() const { return foretells || writes; }
};
std::span<const TaskKind> task_kinds();

/// The row of that name, or, for "auto", the first that fits. Throws as `make_task`.
const TaskKind& task_kind_for(std::string_view name, const DatasetInfo& info);

/// How data are opened for the task of that name: its `data_kind`; "auto" for "auto" and for unknown names.
std::string data_kind_of(std::string_view name);

/// The task of that name, or, for "auto", the first that fits. Throws Error{usage} for an unknown name (naming the
/// nearest) and Error{data} where the data do not fit.
TaskPtr make_task(std::string_view name, const TaskData& data, const TaskRequest& asked);

/// `Task::record` with its "kind".
Json task_record(const Task& task);

/// The opposite. Throws Error{weights} naming `where`.
TaskPtr task_from_record(const Json& record, std::string_view where);

}  // namespace enxerto

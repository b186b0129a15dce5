#include "enxerto/workflow/train.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/threads.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/tasks/task_metrics.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/golden.h"
#include "enxerto/workflow/head_metrics.h"
#include "enxerto/workflow/phased_training.h"
#include "enxerto/workflow/recorded_notices.h"
#include "enxerto/workflow/saved_model.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {
namespace {

/// The rows of `rows` at `chosen`.
Rows pick(const Rows& rows, std::span<const std::size_t> chosen) {
  Rows picked{.width = rows.width, .row = {}};
  picked.row.reserve(chosen.size());
  for (const std::size_t row : chosen) picked.row.push_back(rows.row[row]);
  return picked;
}

/// One run, a step a function, in the order of `run`.
class TrainRun {
 public:
  TrainRun(const Recipe& recipe, Progress& progress) : progress_(progress, report_.warnings) {
    report_.recipe = recipe;
  }

  TrainReport run() {
    check(report_.recipe);
    require_free_output(report_.recipe.output);
    open();
    decide_precision();
    extract_features();
    fit();
    hold_precision_to_labels();
    evaluate();
    save();
    return std::move(report_);
  }

 private:
  void open() {
    report_.timings.begin("open");
    Recipe& recipe = report_.recipe;
    recipe.run.threads = resolve_threads(static_cast<int>(recipe.run.threads));
    data_ = open_training_data(recipe.data, progress_);
    report_.data_format = data_.format;
    report_.classes = data_.all->info().target.names;
    backbone_ = load_backbone(recipe.backbone.name,
                              {.weights = recipe.backbone.weights, .size = static_cast<int>(recipe.input.size)});
    report_.backbone = backbone_.spec.name;
    report_.weights = backbone_.weights_file;
    source_ = {.prefix = frozen_part(backbone_.graph),
               .preprocessor = resolved_preprocessor(*backbone_.spec.preprocessor, recipe.input)};
    recipe.input.size = input_size(*source_.preprocessor);
    source_.description = fmt::format("{} before head, {}", report_.backbone, source_.preprocessor->summary());
    options_ = extract_options(recipe);
  }

  void decide_precision() {
    report_.timings.begin("precision");
    report_.precision = resolve_precision(report_.recipe.run.precision, source_, *data_.all, options_, progress_);
    source_.precision = report_.precision.chosen;
  }

  void extract_features() {
    report_.timings.begin("features");
    features_ = extract(*data_.all, source_, options_, progress_);
    report_.computed += features_.computed;
    report_.cached += features_.cached;
    report_.repaired += features_.repaired;
    report_.skipped = features_.skipped;
    roles_ = assign_roles(data_, report_.recipe, features_.positions, features_.contents, progress_);
    report_.test_origin = roles_.test_origin;
    report_.train_examples = roles_.train.size();
    report_.validation_examples = roles_.validation.size();
    report_.test_examples = roles_.test.size();
  }

  void fit() {
    report_.timings.end();
    const Recipe& recipe = report_.recipe;
    probe_ = linear_probe(pick(features_.rows, roles_.train), labels_of(roles_.train), report_.classes.size(),
                          {.l2 = recipe.head.l2,
                           .balanced = recipe.head.class_weights == ClassWeights::balanced,
                           .seed = recipe.run.random_seed(),
                           .threads = options_.threads},
                          progress_);
    report_.l2 = probe_.l2;
    report_.search = probe_.search;
    report_.iterations = probe_.fit.iterations;
    report_.converged = probe_.fit.converged;
    if (probe_.search) report_.timings.add("l2 search", probe_.search_seconds);
    report_.timings.add("head", probe_.fit_seconds);
    if (!probe_.fit.converged)
      progress_.notice(fmt::format("the head had not converged after {} iterations", probe_.fit.iterations));
  }

  /// "auto" promises equal labels too, which only a head can tell. Where they differ, the run starts over in fp32.
  void hold_precision_to_labels() {
    if (report_.precision.requested != AskedPrecision::automatic || source_.precision == Precision::fp32) return;
    report_.timings.begin("precision check");
    constexpr std::size_t kSample = 200;
    std::vector<std::size_t> rows, positions;
    const std::vector<std::size_t>& from = roles_.train;
    const std::size_t step = std::max<std::size_t>(1, from.size() / kSample);
    for (std::size_t i = 0; i < from.size() && rows.size() < kSample; i += step) {
      rows.push_back(from[i]);
      positions.push_back(features_.positions[from[i]]);
    }
    FeatureSource fp32 = source_;
    fp32.precision = Precision::fp32;
    const Extracted sample = extract(*subset(data_.all, positions), fp32, options_, progress_);
    report_.precision.equal_labels =
        equal_labels(probe_.fit.classifier, pick(features_.rows, rows), sample.rows, options_.threads);
    if (*report_.precision.equal_labels >= kLeastEqualLabels) return;
    report_.precision.chosen = source_.precision = Precision::fp32;
    report_.precision.reason =
        fmt::format("bf16 labelled only {:.1f} % of a sample as fp32 does", *report_.precision.equal_labels * 100);
    progress_.notice(report_.precision.reason + ": extracting again in fp32");
    extract_features();
    fit();
  }

  void evaluate() {
    report_.timings.begin("evaluate");
    const auto measure = [&](const std::vector<std::size_t>& rows) {
      return head_metrics(probe_.fit.classifier, pick(features_.rows, rows), labels_of(rows),
                          MetricSet(metrics_for(task_for(kClassTarget), report_.classes)), options_.threads);
    };
    report_.test = measure(roles_.test);
    if (!roles_.validation.empty()) report_.validation = measure(roles_.validation);
  }

  void save() {
    report_.timings.begin("save");
    const auto positions = golden_positions(*data_.all, features_, roles_.test);
    TensorMap golden = golden_tensors(data_.all, positions, source_, probe_.fit.classifier, options_);
    const Bundle bundle = make_bundle({.backbone = backbone_,
                                       .preprocessor = source_.preprocessor,
                                       .graph = graft_linear_head(backbone_.graph, probe_.fit.classifier),
                                       .cut = "head"},
                                      std::move(golden), report_);
    write_bundle(bundle, report_.recipe.output.path, report_.recipe.output.replace);
    report_.model = report_.recipe.output.path;
    report_.timings.end();
  }

  std::vector<std::int64_t> labels_of(std::span<const std::size_t> rows) const {
    std::vector<std::int64_t> labels;
    labels.reserve(rows.size());
    for (const std::size_t row : rows) labels.push_back(class_number(data_.all->target(features_.positions[row])));
    return labels;
  }

  TrainReport report_;
  RecordedNotices progress_;
  TrainingData data_;
  Backbone backbone_;
  FeatureSource source_;
  ExtractOptions options_;
  Extracted features_;
  RowRoles roles_;
  LinearProbe probe_;
};

}  // namespace

TrainReport train(const Recipe& recipe, Progress& progress) {
  for (const std::string& notice : recipe.notices) progress.notice(notice);
  if (trains_in_phases(recipe)) return train_in_phases(recipe, progress);
  return TrainRun(recipe, progress).run();
}

}  // namespace enxerto

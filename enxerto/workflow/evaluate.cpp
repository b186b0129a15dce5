#include "enxerto/workflow/evaluate.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/few_names.h"
#include "enxerto/base/quantity.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/data/chosen_part.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_folds.h"
#include "enxerto/data/csv_parts.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/groups_in_names.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/name_form.h"
#include "enxerto/data/named_files.h"
#include "enxerto/data/open.h"
#include "enxerto/data/pair_list.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/pieces.h"
#include "enxerto/data/relabel.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/engine/executor.h"
#include "enxerto/model/looking_networks.h"
#include "enxerto/model/resolved_precision.h"
#include "enxerto/model/task_of.h"
#include "enxerto/pretrained/ready_model.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/workflow/network_metrics.h"
#include "enxerto/workflow/read_as_learned.h"
#include "enxerto/workflow/readable_examples.h"
#include "enxerto/workflow/timings.h"
#include "enxerto/workflow/transcripts.h"
#include "enxerto/workflow/worse_than_baseline.h"

namespace enxerto {
namespace {

void require_kind(const Dataset& dataset, const Task& task, const std::filesystem::path& data) {
  if (dataset.info().target.kind == task.target().kind) return;
  throw data_error(
      data.string(), fmt::format("data of {}", target_kind_named(dataset.info().target.kind).contents),
      fmt::format("{}, as the model ({}) requires", target_kind_named(task.target().kind).contents, task.kind().title),
      "data of that kind, or another model");
}

/// The folder that was meant, where one of its own folders is called as a class of the model or as a part of data.
std::string tip_to_known(const std::vector<std::string>& wanted, const std::filesystem::path& data) {
  const auto holds = [](const std::filesystem::path& folder, const auto& fits) {
    std::error_code none;
    const std::filesystem::directory_iterator entries(folder, none);
    return std::ranges::any_of(entries, [&](const auto& entry) { return fits(entry.path().filename().string()); });
  };
  const FolderMeant meant = folder_meant(data);
  if (holds(data, is_table_name) || holds(meant.path, [&](const std::string& name) {
        return part_named(name).has_value() || find_name(wanted, name).has_value();
      }))
    return meant_tip(data);
  return "check the path, or give data of the classes that the model learned";
}

/// The data with the model's names; to one that knows people, others are strangers.
Relabelled as_known(DatasetPtr part, const Task& task, const std::filesystem::path& data) {
  const std::size_t names = part->info().target.names.size();
  const std::vector<std::string>& wanted = task.target().names;
  const bool meets_strangers = task.kind().has_gallery;
  Relabelled view =
      relabel(std::move(part), wanted, meets_strangers ? OtherClasses::numbered_behind : OtherClasses::left_out);
  if (view.dataset->size() == 0 || (!meets_strangers && names > 0 && view.unknown.size() == names))
    throw data_error(data.string(), fmt::format("nothing that the model knows; it has {}", few_names(view.unknown)),
                     few_names(wanted), tip_to_known(wanted, data));
  return view;
}

void notice_classes(const Relabelled& view, const Task& task, const std::filesystem::path& data, Progress& progress) {
  const std::string_view nouns = nouns_of(view.dataset->info().inputs);
  if (task.kind().has_gallery) {
    if (!view.unknown.empty())
      progress.notice(fmt::format("{}: whom the model does not know are strangers to it: {}", data.string(),
                                  few_names(view.unknown)));
  } else if (view.left_out == 0 && !view.unknown.empty())
    progress.notice(fmt::format("{}: {} that the model does not know: {}", data.string(),
                                target_kind_named(view.dataset->info().target.kind).nouns, few_names(view.unknown)));
  if (view.left_out > 0) {
    progress.notice(fmt::format("{}: ignored {} of classes that the model does not know: {}", data.string(),
                                counted(view.left_out, noun_of(view.dataset->info().inputs), nouns),
                                few_names(view.unknown)));
  }
  if (!view.missing.empty())
    progress.notice(fmt::format("{}: no {} of {}", data.string(), nouns, few_names(view.missing)));
}

std::optional<std::size_t> count_learned_from(const Bundle& bundle, const std::vector<Hash128>& contents) {
  if (!bundle.learned_from) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::count_if(contents, [&](const Hash128& content) {
    return std::ranges::binary_search(*bundle.learned_from, content.high);
  }));
}

/// Throws Error{usage} for a search that the task does not make.
void notice_reading(const Task& task, const ReadingOptions& reading, Progress& progress) {
  const std::vector<std::string_view> known = task.reading_options();
  if ((reading.beams > 1 || reading.words) && std::ranges::find(known, "--beams") == known.end())
    throw usage_error("a search for words", fmt::format("the model is for {}", task.kind().title),
                      "a model that writes what is said", "leave it out");
  for (const std::string& note : task.reading_notes(reading)) progress.notice(note);
}

/// Models have the list since task.json; nothing is told of those before.
void notice_lost_list(const Bundle& bundle, const std::filesystem::path& model, std::string_view nouns,
                      Progress& progress) {
  std::error_code ignored;
  if (bundle.learned_from || !std::filesystem::exists(task_file(model), ignored)) return;
  progress.notice(fmt::format("{} is damaged or missing: whether the model has learned from these {} is not known",
                              (model / bundle_layout::kLearnedFrom).string(), nouns));
}

/// What belongs together, as the training run was told or saw it: the group of each example.
std::vector<std::string> groups_in(const Dataset& dataset, std::span<const std::size_t> positions,
                                   const std::string& asked) {
  if (asked == kNoGroups) return {};
  try {
    ExampleGroups groups = example_groups(dataset, positions, is_group_pattern(asked) ? asked : "");
    if (!groups.names.empty() || !asked.empty()) return std::move(groups.names);
  } catch (const Error&) {  // a pattern over other paths
    return {};
  }
  std::optional<GroupsInNames> shown = groups_in_names(dataset, positions);
  return shown ? std::move(shown->groups.names) : std::vector<std::string>();
}

bool has_column(const std::vector<std::string>& columns, const std::string& name) {
  return !name.empty() && std::ranges::find(columns, name) != columns.end();
}

std::vector<std::size_t> all_positions(const Dataset& dataset) {
  std::vector<std::size_t> positions(dataset.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return positions;
}

/// The part of the data that is asked for, read as the model's own were, and its name.
std::pair<DatasetPtr, std::string> open_part(const Bundle& bundle, const Recipe::Data& learned, const Task& task,
                                             const std::filesystem::path& data, const EvaluateOptions& options,
                                             Progress& progress) {
  if (task.kind().has_gallery && is_pair_list(data.string()))
    throw usage_error(data.string(), fmt::format("a list of pairs, for a model for {}", task.kind().title),
                      "a model for verification", "or folders of whom it knows, and of strangers");
  TableOptions table = options.table;
  table.measured = true;
  table.learned = learned.texts;
  if (table.label.empty()) table.label = pattern_for(data.string(), learned.label);
  if (table.kind == "auto") table.kind = task.kind().data_kind;
  table.documents = learned.documents;
  if (const std::string named = table_at(data.string());
      table.group.empty() && !named.empty() && has_column(csv_columns(named), learned.group))
    table.group = learned.group;
  if (learned.fold >= 0) table.fold = fold_where_there(learned.fold);  // the one that the model was not to learn from
  auto chosen = chosen_part(open_data(data, as_wanted(table, data, task.target()), progress), options.part, data);
  DatasetPtr& part = chosen.first;
  require_readable_kind(*bundle.preprocessor, part->info(), data.string());
  require_as_many_fields(part->info(), learned.texts, data.string());
  require_kind(*part, task, data);
  if (task.kind().foretells) part = in_pieces(part, *bundle.preprocessor, progress).dataset;
  return chosen;
}

}  // namespace

EvaluationReport evaluate(const std::filesystem::path& model, const std::filesystem::path& data,
                          const EvaluateOptions& options, Progress& progress) {
  EvaluationReport report;
  Timings timings;
  timings.begin("open");
  const ExtractOptions extraction{
      .threads = options.threads, .batch = options.batch, .on_bad = options.on_bad, .cache = open_cache(options.cache)};
  std::optional<Bundle> ready = ready_model(model);
  Bundle bundle = ready ? *std::move(ready) : read_bundle(model);
  bundle.preprocessor = with_looking_networks(bundle.preprocessor, bundle.networks, options.threads);
  const TaskPtr task = task_of(bundle, task_file(model));
  notice_reading(*task, options.reading, progress);
  const TargetSpec& wanted = task->target();
  const Recipe::Data learned = learned_data(bundle.recipe, progress);
  auto [part, name] = open_part(bundle, learned, *task, data, options, progress);
  const Relabelled view = as_known(std::move(part), *task, data);
  notice_classes(view, *task, data, progress);
  report.part = std::move(name);
  report.task = task->kind().name;
  report.noun = noun_of(view.dataset->info().inputs);
  report.classes = wanted.names;
  report.unknown = view.unknown;
  report.missing = view.missing;
  report.left_out = view.left_out;

  notice_losses(*view.dataset, *bundle.preprocessor, options.threads, task->kind().foretells, progress);

  const std::string cut = precision_cut(bundle);
  const Precision precision = resolved_precision(bundle, options.precision);
  report.precision = name_of(precision);
  timings.begin("evaluate");
  FeatureSource source;
  source.preprocessor = bundle.preprocessor;
  source.precision = precision;
  source.description = fmt::format("{} before {}, {}", bundle.graph.name, cut, bundle.preprocessor->summary());
  const ExampleWindows windows(view.dataset, bundle.preprocessor, options.threads, progress);
  const std::vector<std::size_t> positions = all_positions(*view.dataset);
  const std::vector<std::string> groups = groups_in(*view.dataset, positions, learned.group);
  const MeasuredNetwork measured{.network = bundle.graph,
                                 .cut = cut,
                                 .source = std::move(source),
                                 .task = *task,
                                 .windows = &windows,
                                 .reading = options.reading,
                                 .groups = groups};
  const NetworkMetrics found = network_metrics(measured, view.dataset, positions, extraction, progress);
  require_some(found.skipped, found.examples, nouns_of(view.dataset->info().inputs));
  report.metrics = found.metrics;
  for (const std::string& sentence : worse_than_baseline(report.metrics)) progress.notice(sentence);
  report.examples = found.examples;
  report.computed = found.computed;
  report.cached = found.cached;
  report.skipped = found.skipped;
  report.learned_from = count_learned_from(bundle, found.contents);
  notice_lost_list(bundle, model, nouns_of(view.dataset->info().inputs), progress);
  timings.end();
  report.seconds = timings.rows();
  return report;
}

}  // namespace enxerto

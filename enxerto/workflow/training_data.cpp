#include "enxerto/workflow/training_data.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/duplicates.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/open.h"
#include "enxerto/data/relabel.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

/// A held-out set of a path of its own, with the training data's classes.
DatasetPtr held_out_set(const std::string& path, const Dataset& learned, const std::string& images,
                        Progress& progress) {
  const std::vector<std::string>& classes = learned.info().target.names;
  TableOptions table;
  if (is_table_name(path)) table.images = images;
  const DataParts parts = open_data(path, as_wanted(table, path, learned.info().target), progress);
  DatasetPtr set = !parts.has_parts() ? parts.all
                   : parts.test       ? parts.test
                   : parts.validation ? parts.validation
                                      : parts.train;
  if (set->info().target.kind != learned.info().target.kind) {
    throw data_error(path, fmt::format("data of {}", set->info().target.kind),
                     fmt::format("{}, as the training data", learned.info().target.kind));
  }
  const Relabelled view = relabel(std::move(set), classes);
  if (!view.unknown.empty() && view.left_out > 0) {
    throw data_error(path, fmt::format("classes that the training data lacks: {}", fmt::join(view.unknown, ", ")),
                     fmt::format("{}", fmt::join(classes, ", ")));
  }
  if (!view.missing.empty())
    progress.notice(
        fmt::format("{}: no {} of {}", path, nouns_of(learned.info().inputs), fmt::join(view.missing, ", ")));
  return view.dataset;
}

/// Says which test examples the network is trained on too.
void warn_of_duplicates(const TrainingData& data, const RowRoles& roles, std::span<const std::size_t> positions,
                        std::span<const Hash128> contents, Progress& progress) {
  std::vector<Hash128> trained, tested;
  for (const std::size_t row : roles.train) trained.push_back(contents[row]);
  for (const std::size_t row : roles.test) tested.push_back(contents[row]);
  const std::vector<std::size_t> twins = duplicates_across(trained, tested);
  if (twins.empty()) return;
  const auto original = std::find(trained.begin(), trained.end(), tested[twins.front()]) - trained.begin();
  const auto id_of = [&](std::size_t row) { return data.all->get(positions[row])->id(); };
  progress.notice(fmt::format(
      "{} of {} test {} are also in the training data (first: {} = {}): the test metrics are too optimistic",
      twins.size(), roles.test.size(), nouns_of(data.all->info().inputs), id_of(roles.test[twins.front()]),
      id_of(roles.train[static_cast<std::size_t>(original)])));
}

/// Only the examples of `classes`, which become the classes.
DatasetPtr of_classes(DatasetPtr dataset, const std::vector<std::string>& classes, const std::string& path) {
  if (classes.empty() || dataset == nullptr) return dataset;
  const std::vector<std::string> all = dataset->info().target.names;
  for (const std::string& name : classes) {
    if (std::find(all.begin(), all.end(), name) != all.end()) continue;
    throw usage_error("data.classes", fmt::format("'{}'{}", name, did_you_mean(name, all)),
                      fmt::format("classes of {}: {}", path, fmt::join(all, ", ")));
  }
  return relabel(std::move(dataset), classes).dataset;
}

}  // namespace

DatasetPtr taken(DatasetPtr dataset, std::int64_t per_class, std::int64_t count) {
  if (per_class > 0) dataset = first_per_class(std::move(dataset), static_cast<std::size_t>(per_class));
  if (count > 0) dataset = take(std::move(dataset), static_cast<std::size_t>(count));
  return dataset;
}

TableOptions table_options(const Recipe::Data& recipe) {
  return {.kind = recipe.kind, .targets = recipe.targets, .images = recipe.images};
}

TrainingData open_training_data(const Recipe::Data& recipe, Progress& progress) {
  const DataParts parts = open_data(recipe.path, table_options(recipe), progress);
  DatasetPtr train = of_classes(parts.has_parts() ? parts.train : parts.all, recipe.classes, recipe.path);
  require_classes(*train, recipe.path);
  DatasetPtr validation = of_classes(parts.validation, recipe.classes, recipe.path);
  DatasetPtr test = of_classes(parts.test, recipe.classes, recipe.path);
  if (!recipe.validation.empty()) validation = held_out_set(recipe.validation, *train, recipe.images, progress);
  if (!recipe.test.empty()) test = held_out_set(recipe.test, *train, recipe.images, progress);
  if (test == nullptr) test = std::exchange(validation, nullptr);

  if (test == nullptr && (recipe.test_take > 0 || recipe.test_take_per_class > 0)) {
    throw usage_error("test_take", "there is no test data to take examples from", "a separate test set",
                      "test_split, which splits them off the training data");
  }
  train = taken(std::move(train), recipe.take_per_class, recipe.take);
  if (test) test = taken(std::move(test), recipe.test_take_per_class, recipe.test_take);
  TrainingData data;
  data.format = parts.format;
  data.train_end = train->size();
  data.validation_end = data.train_end + (validation ? validation->size() : 0);
  data.all = concatenate({train, validation, test});
  if (data.train_end == 0) {
    throw data_error(recipe.path, fmt::format("no {} to train on", nouns_of(data.all->info().inputs)));
  }
  return data;
}

std::vector<std::size_t> split_off(std::vector<std::size_t>& rows, const SplitRows& all, const SplitOptions& options) {
  std::vector<std::int64_t> labels;
  std::vector<Hash128> contents;
  for (const std::size_t row : rows) {
    labels.push_back(stratum_of(all.dataset, all.positions[row]));
    contents.push_back(all.contents[row]);
  }
  const Split split = stratified_split(labels, contents, options);
  const std::vector<std::size_t> before = std::exchange(rows, {});
  std::vector<std::size_t> held_out;
  for (const std::size_t i : split.kept) rows.push_back(before[i]);
  for (const std::size_t i : split.held_out) held_out.push_back(before[i]);
  return held_out;
}

RowRoles assign_roles(const TrainingData& data, const Recipe& recipe, std::span<const std::size_t> positions,
                      std::span<const Hash128> contents, Progress& progress) {
  RowRoles roles;
  for (std::size_t row = 0; row < positions.size(); ++row) {
    const std::size_t position = positions[row];
    (position < data.train_end        ? roles.train
     : position < data.validation_end ? roles.validation
                                      : roles.test)
        .push_back(row);
  }
  if (data.has_test()) {
    roles.test_origin = recipe.data.test.empty() ? "the data's own test part" : recipe.data.test;
    warn_of_duplicates(data, roles, positions, contents, progress);
    return roles;
  }
  roles.test = split_off(roles.train, {.dataset = *data.all, .positions = positions, .contents = contents},
                         {.held_out = recipe.data.test_split, .seed = recipe.run.random_seed()});
  roles.test_origin = fmt::format("{:.0f} % held out{}", recipe.data.test_split * 100,
                                  data.all->info().target.kind == kClassTarget ? ", stratified" : "");
  return roles;
}

}  // namespace enxerto

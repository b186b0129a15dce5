#include "enxerto/workflow/training_data.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_folds.h"
#include "enxerto/data/csv_parts.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/named_files.h"
#include "enxerto/data/open.h"
#include "enxerto/data/relabel.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

/// The data that are learned from, and the columns of a table that their texts are in.
struct Learned {
  const Dataset& set;
  const std::vector<std::string>& texts;
  const std::string& group;  ///< column
};

/// How a held-out set is read: as the training data, their columns of texts and targets where it has them.
TableOptions held_out_options(const std::string& path, const Learned& learned, const Recipe::Data& recipe) {
  if (!is_table_name(path))
    return as_wanted({.label = pattern_for(path, recipe.label)}, path, learned.set.info().target);
  TableOptions table =
      as_wanted({.texts = recipe.texts, .learned = learned.texts, .images = recipe.images, .fold = kNoFold}, path,
                learned.set.info().target);
  if (table.targets.empty()) table.targets = recipe.targets;
  // Only what is called alike can be the same group.
  const std::vector<std::string> columns = csv_columns(path);
  table.group = std::ranges::find(columns, learned.group) == columns.end() ? kNoGroups : learned.group;
  return table;
}

/// A held-out set of a path of its own, with the training data's classes.
DatasetPtr held_out_set(const std::string& path, const Learned& learned, const Recipe::Data& recipe,
                        Progress& progress) {
  const DatasetInfo& info = learned.set.info();
  const std::vector<std::string>& classes = info.target.names;
  const DataParts parts = open_data(path, held_out_options(path, learned, recipe), progress);
  DatasetPtr set = !parts.has_parts() ? parts.all
                   : parts.test       ? parts.test
                   : parts.validation ? parts.validation
                                      : parts.train;
  if (set->info().target.kind != info.target.kind) {
    throw data_error(path, fmt::format("data of {}", target_kind_named(set->info().target.kind).contents),
                     fmt::format("{}, as the training data", target_kind_named(info.target.kind).contents));
  }
  const Relabelled view = relabel(std::move(set), classes);
  if (!view.unknown.empty() && view.left_out > 0) {
    throw data_error(path, fmt::format("classes that the training data lacks: {}", few_names(view.unknown)),
                     few_names(classes));
  }
  if (!view.missing.empty())
    progress.notice(fmt::format("{}: no {} of {}", path, nouns_of(info.inputs), few_names(view.missing)));
  return view.dataset;
}

/// Only the examples of `classes`, which become the classes.
DatasetPtr of_classes(DatasetPtr dataset, const std::vector<std::string>& classes, const std::string& path) {
  if (classes.empty() || dataset == nullptr) return dataset;
  const std::vector<std::string> all = dataset->info().target.names;
  for (const std::string& name : classes) {
    if (std::find(all.begin(), all.end(), name) != all.end()) continue;
    throw usage_error("data.classes", fmt::format("'{}'{}", name, did_you_mean(name, all)),
                      fmt::format("classes of {}: {}", path, few_names(all)));
  }
  return relabel(std::move(dataset), classes).dataset;
}

/// What names a column; "" where it is a pattern over paths.
std::string column_of_groups(const Recipe::Data& recipe) {
  if (recipe.group.empty() || recipe.group == kNoGroups || is_group_pattern(recipe.group)) return {};
  if (table_at(recipe.path).empty())
    throw usage_error("data.group", fmt::format("'{}', where {} is not a table", recipe.group, recipe.path),
                      "a regular expression with one capture group, for the paths of files", R"('patient(\d+)_')");
  return recipe.group;
}

}  // namespace

DatasetPtr taken(DatasetPtr dataset, std::int64_t per_class, std::int64_t count) {
  if (per_class > 0) dataset = first_per_class(std::move(dataset), static_cast<std::size_t>(per_class));
  if (count > 0) dataset = take(std::move(dataset), static_cast<std::size_t>(count));
  return dataset;
}

VocabularySource vocabulary_source(const Recipe::Backbone& recipe, const TrainingData& data) {
  return {.kind = recipe.vocabulary,
          .most = static_cast<std::size_t>(recipe.vocabulary_size),
          .examples = data.train_end,
          .fields = [all = data.all](std::size_t position) { return fields_of(*all, *all->get(position)); },
          .name = [all = data.all](std::size_t position) { return printable(all->get(position)->id()); }};
}

/// Folds of a table are no parts where what is tested on comes from elsewhere.
std::optional<std::int64_t> fold_of(const Recipe::Data& recipe) {
  if (!recipe.test.empty() && is_table_name(recipe.path)) return kNoFold;
  return recipe.fold < 0 || !is_table_name(recipe.path) ? std::nullopt : std::optional(recipe.fold);
}

TableOptions table_options(const Recipe::Data& recipe) {
  // 0 of a recipe from before folds were counted from 0 said that none is asked for.
  if (recipe.fold > 0 && (!is_table_name(recipe.path) || !recipe.test.empty()))
    throw usage_error("data.fold",
                      fmt::format("{} has no effect: {}", recipe.fold,
                                  recipe.test.empty() ? fmt::format("{} is not a table", recipe.path)
                                                      : "data.test has what is tested on"),
                      "", "leave it out");
  return {.kind = recipe.kind,
          .targets = recipe.targets,
          .texts = recipe.texts,
          .images = recipe.images,
          .label = recipe.label,
          .group = column_of_groups(recipe),
          .fold = fold_of(recipe),
          .documents = recipe.documents};
}

TrainingData open_training_data(const Recipe::Data& recipe, Progress& progress) {
  if (recipe.kind == kIdentityTarget && !recipe.group.empty())
    throw usage_error("data.group", fmt::format("'{}', where no split divides an identity", recipe.group),
                      "identities, which are groups already", "leave it out");
  const DataParts parts = open_data(recipe.path, table_options(recipe), progress);
  DatasetPtr train = of_classes(parts.has_parts() ? parts.train : parts.all, recipe.classes, recipe.path);
  require_classes(*train, recipe.path);
  DatasetPtr validation = of_classes(parts.validation, recipe.classes, recipe.path);
  DatasetPtr test = of_classes(parts.test, recipe.classes, recipe.path);
  if (!recipe.validation.empty())
    validation = held_out_set(recipe.validation, {*train, parts.texts, parts.group}, recipe, progress);
  if (!recipe.test.empty()) test = held_out_set(recipe.test, {*train, parts.texts, parts.group}, recipe, progress);
  const bool tests_on_validation = test == nullptr && validation != nullptr;
  if (tests_on_validation) test = std::exchange(validation, nullptr);

  if (test == nullptr && (recipe.test_take > 0 || recipe.test_take_per_class > 0)) {
    throw usage_error("test_take", "there is no test data to take examples from", "a separate test set",
                      "test_split, which splits them off the training data");
  }
  if (recipe.take > static_cast<std::int64_t>(train->size()))
    progress.notice(
        fmt::format("data.take = {}: more than there are ({}{}), all are taken", recipe.take,
                    counted(train->size(), noun_of(train->info().inputs), nouns_of(train->info().inputs)),
                    train->info().target.kind == kTextTarget ? ", however long each is: data.documents" : ""));
  train = taken(std::move(train), recipe.take_per_class, recipe.take);
  if (test) test = taken(std::move(test), recipe.test_take_per_class, recipe.test_take);
  TrainingData data;
  data.format = parts.format;
  data.texts = parts.texts;
  data.tests_on_validation = tests_on_validation;
  data.train_end = train->size();
  data.validation_end = data.train_end + (validation ? validation->size() : 0);
  data.all = concatenate({train, validation, test});
  if (data.train_end == 0) {
    throw data_error(recipe.path, fmt::format("no {} to train on", nouns_of(data.all->info().inputs)));
  }
  return data;
}

}  // namespace enxerto

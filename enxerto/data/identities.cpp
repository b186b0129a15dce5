#include "enxerto/data/identities.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/grouped_example.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/name_form.h"
#include "enxerto/data/open.h"
#include "enxerto/data/pair_list.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

class IdentitiesOfClasses final : public DatasetView {
 public:
  explicit IdentitiesOfClasses(DatasetPtr classes)
      : DatasetView(std::move(classes)),
        info_{.inputs = below().info().inputs, .target = {.kind = std::string(kIdentityTarget), .names = {}}} {
    for (const std::string& name : below().info().target.names) numbers_.push_back(identity_number(name));
  }

  const DatasetInfo& info() const override { return info_; }
  std::unique_ptr<Example> get(std::size_t position) const override {
    const std::int64_t number = class_number(below().target(position));
    return in_group(below().get(position),
                    number < 0 ? "" : below().info().target.names.at(static_cast<std::size_t>(number)));
  }
  Tensor target(std::size_t position) const override {
    const std::int64_t number = class_number(below().target(position));
    return number < 0 ? Tensor() : identity_target(numbers_.at(static_cast<std::size_t>(number)));
  }

 private:
  DatasetInfo info_;
  std::vector<std::int64_t> numbers_;
};

/// Those of one example, which make no pair.
void notice_single(const Dataset& classes, Progress& progress) {
  const std::vector<std::string>& names = classes.info().target.names;
  std::vector<std::size_t> counts(names.size());
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (const std::int64_t number = class_number(classes.target(i)); number >= 0)
      ++counts[static_cast<std::size_t>(number)];
  constexpr std::size_t kNamed = 5;
  std::vector<std::string> single;
  std::size_t all = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (counts[i] != 1) continue;
    if (++all <= kNamed) single.push_back(printable(names[i]));
  }
  if (all > 0)
    progress.notice(fmt::format("{} with one example, of which there is no pair of the same: {}{}",
                                counted(all, "identity", "identities"), fmt::join(single, ", "),
                                all > kNamed ? ", .." : ""));
}

}  // namespace

void refuse_alike_identities(std::span<const std::string> names, std::string_view where) {
  if (const auto alike = first_look_alikes(names))
    throw data_error(
        printable(std::string(where)),
        fmt::format("'{}' and '{}', which differ in case, in spaces around or in the form of their accents alone",
                    printable(alike->first), printable(alike->second)),
        "a name for each identity", "put both into one, or rename one if they are two");
}

DataParts open_identities(const std::filesystem::path& path, const TableOptions& table, const DataWatch& watch) {
  if (lacks_answers_of_pairs(path.string()))
    throw data_error(printable(path.string()), "a table of pairs without the column same",
                     "the columns first, second and same, and perhaps fold");
  TableOptions asked = table;
  asked.kind = is_table_name(path) ? kClassTarget : "auto";  // other forms are what they are
  DataParts parts = open_watched(path, asked, watch);
  const DatasetPtr& first = parts.has_parts() ? parts.train : parts.all;
  if (first->info().target.kind != kClassTarget)
    throw data_error(printable(path.string()),
                     fmt::format("data of {}", target_kind_named(first->info().target.kind).contents),
                     "a folder of each identity, files whose names say it, or a list of pairs",
                     fmt::format("lines of a list of pairs: {}, with tabs where names have spaces", kFormOfPairs));
  refuse_alike_identities(first->info().target.names, path.string());
  notice_single(*first, watch.progress);
  for (DatasetPtr* part : {&parts.all, &parts.train, &parts.validation, &parts.test})
    if (*part) *part = std::make_shared<IdentitiesOfClasses>(std::move(*part));
  return parts;
}

}  // namespace enxerto

#include "enxerto/data/relabel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/name_form.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

constexpr std::int64_t kUnknown = -1;

class RelabelledDataset final : public DatasetView {
 public:
  RelabelledDataset(DatasetPtr dataset, std::vector<std::int64_t> numbers, std::vector<std::string> names)
      : DatasetView(std::move(dataset)),
        kind_(target_kind_named(below().info().target.kind)),
        numbers_(std::move(numbers)),
        info_(below().info()) {
    info_.target.names = std::move(names);
  }

  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override {
    const Tensor target = below().target(position);
    return !is_labelled(target) ? target : kind_.renumber(target, numbers_, info_.target.names.size());
  }

 private:
  const TargetKind& kind_;
  std::vector<std::int64_t> numbers_;
  DatasetInfo info_;
};

std::vector<std::string> names_without(const std::vector<std::string>& names, const std::vector<bool>& seen) {
  std::vector<std::string> without;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!seen[i]) without.push_back(names[i]);
  }
  return without;
}

void require_all(const std::vector<std::string>& wanted, const std::vector<std::string>& there) {
  for (const std::string& name : wanted) {
    if (find_name(there, name)) continue;
    throw data_error("data", fmt::format("no values for '{}'", name), few_names(wanted),
                     fmt::format("it has {}", few_names(there)));
  }
}

}  // namespace

Relabelled relabel(DatasetPtr dataset, const std::vector<std::string>& names, OtherClasses others) {
  const TargetSpec before = dataset->info().target;
  const TargetKind& kind = target_kind_named(before.kind);
  if (kind.needs_every_name) require_all(names, before.names);
  const auto behind = static_cast<std::int64_t>(names.size());
  const std::int64_t other = others == OtherClasses::numbered_behind ? behind : kUnknown;
  std::vector<std::int64_t> numbers;
  std::vector<bool> known;
  for (const std::string& name : before.names) {
    const auto found = find_name(names, name);
    numbers.push_back(found ? static_cast<std::int64_t>(*found) : other);
    known.push_back(found.has_value());
  }
  const auto view = std::make_shared<RelabelledDataset>(std::move(dataset), std::move(numbers), names);

  Relabelled result;
  result.unknown = names_without(before.names, known);
  std::vector<bool> used(names.size() + 1, false);  // and the others
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < view->size(); ++i) {
    const Tensor target = view->target(i);
    if (!is_labelled(target)) continue;
    kind.mark_used(target, used);
    kept.push_back(i);
  }
  result.left_out = view->size() - kept.size();
  result.missing = names_without(names, used);
  result.dataset = result.left_out == 0 ? DatasetPtr(view) : subset(view, std::move(kept));
  return result;
}

}  // namespace enxerto

#include "enxerto/data/data_summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/same_words.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/field_facts.h"

namespace enxerto {
namespace {

/// What one look at an example tells.
struct Look {
  std::vector<FieldFacts> fields;
  Hash128 content{};
  std::string bad;
};

Look look_at(const Dataset& dataset, std::size_t position) {
  const std::unique_ptr<Example> example = dataset.get(position);
  Look look;
  try {
    Hash128Stream content;
    for (const Field& field : fields_of(dataset, *example)) {
      content.add(field.bytes.bytes());
      look.fields.push_back(facts_of(field, example->id()));
    }
    look.content = content.value();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    look.bad = error.what();
  }
  return look;
}

/// Names of the targets of an example: its class, its labels, those of its objects, or its numbers.
std::string shown_target(const Dataset& dataset, std::size_t position) {
  const Tensor target = dataset.target(position);
  const TargetSpec& spec = dataset.info().target;
  if (!is_labelled(target)) return "";
  const TargetKind& kind = target_kind_named(spec.kind);
  if (kind.words != nullptr) return kind.words(target, fields_of(dataset, *dataset.get(position)));
  std::vector<std::string> said;
  if (spec.kind == kRegressionTarget) {
    for (const float value : target.as<float>()) said.push_back(fmt::format("{:g}", value));
  } else {
    std::vector<bool> used(spec.names.size());
    target_kind_named(spec.kind).mark_used(target, used);
    for (std::size_t i = 0; i < used.size(); ++i)
      if (used[i]) said.push_back(spec.names[i]);
  }
  return fmt::format("{}", fmt::join(said, "|"));
}

PartSummary part_summary(std::string_view name, const Dataset& part) {
  PartSummary summary{.name = std::string(name), .examples = part.size(), .of_name = {}};
  const TargetSpec& spec = part.info().target;
  if (spec.kind == kRegressionTarget) return summary;
  summary.of_name.resize(spec.names.size());
  for (std::size_t i = 0; i < part.size(); ++i) {
    const Tensor target = part.target(i);
    std::vector<bool> used(spec.names.size());
    if (is_labelled(target)) target_kind_named(spec.kind).mark_used(target, used);
    for (std::size_t n = 0; n < used.size(); ++n) summary.of_name[n] += used[n] ? 1 : 0;
  }
  return summary;
}

std::vector<ColumnRange> ranges_of(const Dataset& dataset) {
  std::vector<ColumnRange> ranges(
      dataset.info().target.names.size(),
      {.least = std::numeric_limits<double>::max(), .mean = 0, .greatest = std::numeric_limits<double>::lowest()});
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const Tensor target = dataset.target(i);
    for (std::size_t n = 0; n < ranges.size(); ++n) {
      const double value = target.as<float>()[n];
      ranges[n].least = std::min(ranges[n].least, value);
      ranges[n].greatest = std::max(ranges[n].greatest, value);
      ranges[n].mean += value / static_cast<double>(dataset.size());
    }
  }
  return ranges;
}

/// By class; pictures that cannot be read are left out.
void add_objects(DataSummary& summary, const Dataset& dataset, const std::vector<Look>& looks) {
  std::vector<std::vector<double>> sizes(dataset.info().target.names.size());
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (!looks[i].bad.empty()) continue;
    const std::vector<LabelledBox> boxes = boxes_of(dataset.target(i));
    summary.without_objects += boxes.empty() ? 1 : 0;
    for (const LabelledBox& box : boxes)
      sizes[static_cast<std::size_t>(box.label)].push_back(std::sqrt((box.right - box.left) * (box.bottom - box.top)));
  }
  for (std::vector<double>& of_class : sizes) {
    std::ranges::sort(of_class);
    summary.objects.push_back(of_class.empty() ? ObjectSizes{}
                                               : ObjectSizes{.objects = of_class.size(),
                                                             .least = of_class.front(),
                                                             .median = of_class[of_class.size() / 2],
                                                             .greatest = of_class.back()});
  }
}

void add_pixels(DataSummary& summary, const Dataset& dataset) {
  std::vector<std::uint64_t> pixels(dataset.info().target.names.size());
  std::uint64_t all = 0, classed = 0;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const Tensor target = dataset.target(i);
    const std::vector<std::uint64_t> own = pixels_of_classes(target, pixels.size());
    all += target.size();
    for (std::size_t n = 0; n < pixels.size(); ++n) {
      pixels[n] += own[n];
      classed += own[n];
    }
  }
  const auto share = [](std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  for (const std::uint64_t count : pixels) summary.shares.push_back(share(count, classed));
  summary.ignored = share(all - classed, all);
}

std::array<std::vector<std::int64_t>, 3> extremes(std::vector<std::vector<std::int64_t>> sizes) {
  if (sizes.empty()) return {};
  std::ranges::sort(sizes, {}, [](const std::vector<std::int64_t>& size) {
    return std::accumulate(size.begin(), size.end(), std::int64_t{1}, std::multiplies<>());
  });
  return {sizes.front(), sizes[sizes.size() / 2], sizes.back()};
}

/// Groups of equal contents; `part_of` says in which part a position is.
template <typename PartOf>
std::vector<SameContent> same_contents(const Dataset& dataset, const std::vector<Look>& looks, PartOf part_of) {
  std::vector<std::size_t> positions;
  std::vector<Hash128> contents;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (!looks[i].bad.empty()) continue;
    positions.push_back(i);
    contents.push_back(looks[i].content);
  }
  contents = same_words(dataset, positions, contents);
  std::map<Hash128, std::vector<std::size_t>> by_content;
  for (std::size_t i = 0; i < contents.size(); ++i) by_content[contents[i]].push_back(positions[i]);
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [content, equal] : by_content) {
    if (equal.size() > 1) groups.push_back(std::move(equal));
  }
  std::ranges::sort(groups);
  std::vector<SameContent> same;
  for (const std::vector<std::size_t>& equal : groups) {
    SameContent group;
    std::set<std::size_t> parts;
    for (const std::size_t position : equal) {
      group.ids.push_back(dataset.get(position)->id());
      parts.insert(part_of(position));
      std::string target = shown_target(dataset, position);
      if (std::ranges::find(group.targets, target) == group.targets.end()) group.targets.push_back(std::move(target));
    }
    group.across_parts = parts.size() > 1;
    same.push_back(std::move(group));
  }
  return same;
}

void add_looks(DataSummary& summary, const Dataset& dataset, const std::vector<Look>& looks) {
  std::vector<std::vector<std::int64_t>> sizes;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (!looks[i].bad.empty()) summary.bad.push_back({dataset.get(i)->id(), looks[i].bad});
    for (const FieldFacts& facts : looks[i].fields) {
      sizes.push_back(facts.size);
      summary.size_unit = facts.unit;
      if (!facts.format.empty()) ++summary.formats[facts.format];
      if (!facts.remark.empty()) summary.remarks.push_back({dataset.get(i)->id(), facts.remark});
    }
  }
  summary.sizes = extremes(std::move(sizes));
}

}  // namespace

std::size_t DataSummary::examples() const {
  std::size_t count = 0;
  for (const PartSummary& part : parts) count += part.examples;
  return count;
}

DataSummary summarise(const DataParts& parts, int threads, Progress& progress) {
  const DatasetPtr all = everything(parts);
  DataSummary summary;
  summary.format = parts.format;
  summary.info = all->info();
  std::vector<std::size_t> ends;
  const std::array<std::pair<std::string_view, const DatasetPtr*>, 4> named{
      {{"all", &parts.all}, {"train", &parts.train}, {"validation", &parts.validation}, {"test", &parts.test}}};
  for (const auto& [name, part] : named) {
    if (*part == nullptr) continue;
    summary.parts.push_back(part_summary(name, **part));
    ends.push_back((ends.empty() ? 0 : ends.back()) + (*part)->size());
  }
  if (all->info().target.kind == kRegressionTarget) summary.ranges = ranges_of(*all);
  std::vector<Look> looks(all->size());
  progress.begin("look", all->size());
  parallel_for(resolve_threads(threads), all->size(), [&](std::size_t i) {
    throw_if_cancelled(progress);
    looks[i] = look_at(*all, i);
    progress.advance(1);
  });
  progress.end();
  add_looks(summary, *all, looks);
  if (all->info().target.kind == kBoxTarget) add_objects(summary, *all, looks);
  if (all->info().target.kind == kMaskTarget) add_pixels(summary, *all);
  summary.same = same_contents(*all, looks, [&](std::size_t position) {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends, position) - ends.begin());
  });
  return summary;
}

}  // namespace enxerto

#include "enxerto/data/check_data.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/data_watch.h"

namespace enxerto {
namespace {

/// What the target of an example says of it.
struct TargetLook {
  std::optional<ErrorText> wrong = {};
  std::vector<ErrorText> doubtful = {};
};

/// Boxes that stand more than once in a picture, of one class or of several.
std::vector<ErrorText> repeated_boxes(const Tensor& target, const std::string& id,
                                      const std::vector<std::string>& names) {
  using Place = std::tuple<double, double, double, double>;
  std::map<Place, std::vector<std::int64_t>> labels;
  for (const LabelledBox& box : boxes_of(target))
    labels[{box.left, box.top, box.right, box.bottom}].push_back(box.label);
  std::vector<ErrorText> found;
  for (const auto& [place, there] : labels) {
    if (there.size() < 2) continue;
    const auto& [left, top, right, bottom] = place;
    const std::string& first = names[static_cast<std::size_t>(there.front())];
    const auto other = std::ranges::find_if(there, [&](std::int64_t label) { return label != there.front(); });
    const std::string of = other == there.end()
                               ? fmt::format("'{}'", first)
                               : fmt::format("'{}' and '{}'", first, names[static_cast<std::size_t>(*other)]);
    found.push_back({id, fmt::format("{} boxes of {} from ({:g}, {:g}) to ({:g}, {:g})", there.size(), of, left, top,
                                     right, bottom)});
  }
  return found;
}

TargetLook look_at_target(const Dataset& part, std::size_t position) {
  TargetLook look;
  try {
    const Tensor target = part.target(position);
    if (part.info().target.kind == kBoxTarget)
      look.doubtful = repeated_boxes(target, part.get(position)->id(), part.info().target.names);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    look.wrong = error.text();
  }
  return look;
}

/// The examples of a part whose targets are right; null where there are none.
DatasetPtr with_right_targets(const DatasetPtr& part, int threads, DataCheck& check, Progress& progress) {
  if (part == nullptr || part->size() == 0) return nullptr;
  std::vector<TargetLook> looks(part->size());
  progress.begin("targets", looks.size());
  parallel_for(resolve_threads(threads), looks.size(), [&](std::size_t i) {
    throw_if_cancelled(progress);
    looks[i] = look_at_target(*part, i);
    progress.advance(1);
  });
  progress.end();
  std::vector<std::size_t> right;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].wrong)
      check.wrong.push_back(*std::move(looks[i].wrong));
    else
      right.push_back(i);
    for (ErrorText& doubt : looks[i].doubtful) check.doubtful.push_back(std::move(doubt));
  }
  if (right.empty()) return nullptr;
  return right.size() == part->size() ? part : subset(part, std::move(right));
}

/// The same without examples that cannot be read.
DatasetPtr readable(const DatasetPtr& part, const std::vector<BadExample>& bad) {
  if (part == nullptr || bad.empty()) return part;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < part->size(); ++i)
    if (std::ranges::find(bad, part->get(i)->id(), &BadExample::id) == bad.end()) positions.push_back(i);
  return positions.empty() ? nullptr : subset(part, std::move(positions));
}

/// As it would be said of its file alone.
ErrorText unreadable(const BadExample& bad) {
  std::string found = bad.reason.substr(0, bad.reason.find("; expected "));
  if (const std::string before = bad.id + ": "; found.starts_with(before)) found.erase(0, before.size());
  return {.where = bad.id, .found = std::move(found)};
}

std::array<DatasetPtr*, 4> parts_in(DataParts& parts) {
  return {&parts.all, &parts.train, &parts.validation, &parts.test};
}

/// Of two sets of the same kind.
std::vector<TextOverlap> overlaps_between(const DatasetPtr& learned, const DatasetPtr& held_out) {
  if (learned == nullptr || held_out == nullptr || learned->info() != held_out->info()) return {};
  std::vector<std::size_t> first(learned->size()), second(held_out->size());
  std::iota(first.begin(), first.end(), std::size_t{0});
  std::iota(second.begin(), second.end(), first.size());
  return text_overlaps(*concatenate({learned, held_out}), first, second);
}

bool has_examples(DataParts& parts) {
  return std::ranges::any_of(parts_in(parts), [](const DatasetPtr* part) { return *part != nullptr; });
}

}  // namespace

DataCheck check_data(const std::filesystem::path& path, const TableOptions& table, int threads, Progress& progress) {
  KeptFaults faults;
  DataCheck check;
  going_on(faults, [&] { check.sound = open_watched(path, table, {progress, faults}); });
  for (const Error& fault : faults.all()) check.wrong.push_back(fault.text());
  check.doubtful = faults.doubts();
  for (DatasetPtr* part : parts_in(check.sound)) *part = with_right_targets(*part, threads, check, progress);
  if (!has_examples(check.sound)) return check;
  if (!check.sound.has_parts() && check.sound.all == nullptr) {
    check.sound.all =
        concatenate({std::exchange(check.sound.validation, nullptr), std::exchange(check.sound.test, nullptr)});
  }
  check.summary = summarise(check.sound, threads, progress);
  for (const BadExample& bad : check.summary->bad) check.wrong.push_back(unreadable(bad));
  for (const BadExample& doubt : check.summary->remarks) check.doubtful.push_back({doubt.id, doubt.reason});
  for (DatasetPtr* part : parts_in(check.sound)) *part = readable(*part, check.summary->bad);
  check.overlaps = overlaps_between(check.sound.train, check.sound.test);
  return check;
}

DataCheck check_data(const std::filesystem::path& path, const std::filesystem::path& test, const TableOptions& table,
                     int threads, Progress& progress) {
  DataCheck check = check_data(path, table, threads, progress);
  if (test.empty()) return check;
  DataCheck held_out = check_data(test, table, threads, progress);
  std::ranges::move(held_out.wrong, std::back_inserter(check.wrong));
  std::ranges::move(held_out.doubtful, std::back_inserter(check.doubtful));
  const DatasetPtr learned = check.sound.has_parts() ? check.sound.train : check.sound.all;
  check.overlaps = overlaps_between(learned, held_out.sound.has_parts() ? held_out.sound.test : held_out.sound.all);
  return check;
}

}  // namespace enxerto

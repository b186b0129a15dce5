#include "enxerto/data/groups_in_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/data/path_pattern.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

constexpr std::size_t kLeastGroups = 3;

/// A form of names.
struct NameForm {
  const char* how;
  const char* pattern;        ///< over paths; its capture is the group
  std::size_t least_answers;  ///< different targets that each group must have, or the name means something else
};
constexpr std::array kNameForms{
    NameForm{"speakers (LABEL_SPEAKER_NUMBER)", R"((?:^|/)[^_/]+_([A-Za-z][A-Za-z0-9]*)_\d+\.\w+$)", 2},
    NameForm{"source recordings (FOLD-SOURCE-TAKE-TARGET)", R"((?:^|/)\d+-(\d+)-[A-Z]-\d+\.\w+$)", 1},
    NameForm{"speakers (SPEAKER_nohash_NUMBER)", R"((?:^|/)([0-9a-f]{8})_nohash_\d+\.\w+$)", 1},
};

using Answers = std::map<std::string, std::set<Hash128>>;

/// Whether each target has one group, and each group one target.
bool are_targets(const Answers& answers) {
  std::set<Hash128> all;
  for (const auto& [group, targets] : answers) {
    if (targets.size() > 1) return false;
    all.insert(targets.begin(), targets.end());
  }
  return all.size() == answers.size();
}

std::optional<GroupsInNames> groups_of(const NameForm& form, const Dataset& dataset,
                                       std::span<const std::size_t> positions) {
  const PathPattern pattern(form.pattern, "group");
  GroupsInNames found{.groups = {}, .how = form.how};
  Answers answers;
  std::map<std::string, std::size_t> sizes;
  for (const std::size_t position : positions) {
    const std::string group = pattern.captured(dataset.get(position)->id());
    if (group.empty()) return std::nullopt;
    answers[group].insert(hash128(dataset.target(position).bytes()));
    found.groups.largest = std::max(found.groups.largest, ++sizes[group]);
    found.groups.names.push_back(group);
  }
  found.groups.groups = sizes.size();
  const bool meant =
      sizes.size() >= kLeastGroups && found.groups.largest > 1 && !are_targets(answers) &&
      std::ranges::all_of(answers, [&](const auto& group) { return group.second.size() >= form.least_answers; });
  if (!meant) return std::nullopt;
  return found;
}

}  // namespace

std::optional<GroupsInNames> groups_in_names(const Dataset& dataset, std::span<const std::size_t> positions) {
  const DatasetInfo& info = dataset.info();
  const bool clips = info.inputs.size() == 1 && info.inputs.front() == Medium::audio;
  if (!clips || positions.empty() || (info.target.kind != kClassTarget && info.target.kind != kMultiLabelTarget))
    return std::nullopt;
  for (const NameForm& form : kNameForms)
    if (std::optional<GroupsInNames> found = groups_of(form, dataset, positions)) return found;
  return std::nullopt;
}

}  // namespace enxerto

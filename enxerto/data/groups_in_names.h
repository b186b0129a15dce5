#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "enxerto/data/dataset.h"
#include "enxerto/data/example_groups.h"

namespace enxerto {

/// Groups that the names of files show.
struct GroupsInNames {
  ExampleGroups groups;
  std::string how;  ///< "speakers (LABEL_SPEAKER_NUMBER)"
};

/// The speakers or source recordings of the clips at `positions`, where all of their names are of one form that
/// published sets have and that can hardly mean anything else: FSDD's `7_jackson_3.wav`, where each speaker says
/// several things; ESC-50's `1-100032-A-0.wav`; Speech Commands' `0a7c2a8d_nohash_0.wav`. nullopt for others, for
/// examples that are no clips with classes or labels, and where the groups are the classes themselves.
std::optional<GroupsInNames> groups_in_names(const Dataset& dataset, std::span<const std::size_t> positions);

}  // namespace enxerto

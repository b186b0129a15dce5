#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace enxerto {

/// A part of a data set that its publisher has split.
enum class Part : std::uint8_t { train, validation, test };

/// "train", "validation", "test".
std::string_view name_of(Part part);

/// The part that a folder or a cell of a table names, as published sets call it, in any case of letters: "Train",
/// "Training", "seg_train", "train2017", "val", "dev", "TestImages", "treino"; none where it is no such name.
std::optional<Part> part_named(std::string_view name);

/// The same for a name that says more, "brain_train", where one of its words alone names a part: for folders of which
/// something else says too that they are parts.
std::optional<Part> part_mentioned(std::string_view name);

}  // namespace enxerto

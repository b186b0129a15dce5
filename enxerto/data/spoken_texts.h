#pragma once
#include <filesystem>
#include <string_view>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// The kind of recordings of which each has what is said in it as a second field, a text that a network is to write: as
/// `kTranslationTarget`, of which the first text is a recording.
inline constexpr std::string_view kSpokenTarget = "spoken_texts";
TargetSpec spoken_target();

/// What any reader of transcribed recordings (`kTranscriptTarget`) opens, as such examples. Throws as `open_watched`.
DataParts open_spoken_texts(const std::filesystem::path& path, const TableOptions& options, const DataWatch& watch);

/// "'three one'".
std::string spoken_words(const Tensor& target, std::span<const Field> fields);

}  // namespace enxerto

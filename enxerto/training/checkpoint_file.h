#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/state_dict.h"

namespace enxerto {

/// One file of a checkpoint: groups of tensors, and texts, with a digest of all of it, because a checkpoint that is
/// wrong in one bit is a run that is wrong to its end.
struct CheckpointFile {
  std::map<std::string, StateDict, std::less<>> groups;  ///< names have no '/'
  std::map<std::string, std::string, std::less<>> texts;

  /// Throws Error{weights} where it is not there.
  const std::string& text(std::string_view name, const std::filesystem::path& path) const;

  /// Empty where it is not there.
  StateDict group(std::string_view name) const;
};

/// Replaces the file whole. Throws Error{disk}.
void write_checkpoint(const std::filesystem::path& path, const CheckpointFile& file);

/// Throws Error{weights} for a file that is damaged, cut off or no checkpoint. Tensors point into the memory map.
CheckpointFile read_checkpoint(const std::filesystem::path& path);

}  // namespace enxerto

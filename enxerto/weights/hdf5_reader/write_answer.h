#pragma once
#include "enxerto/weights/hdf5_reader/refusal.h"
#include "enxerto/weights/hdf5_reader/walk.h"

namespace enxerto {

/// The reader has gone away.
struct WritingFailed {};

/// Writes on standard output what the file holds, with the values that are unpacked on the way. Throws UnpackingFailed,
/// WritingFailed.
void write_tree(const FileIndex& index);

/// Writes on standard output why the file is not read. Throws WritingFailed.
void write_refusal(const Refusal& refusal);

}  // namespace enxerto

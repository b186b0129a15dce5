#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/metrics/history.h"

namespace enxerto {

/// The two runs that TensorBoard draws into one chart a figure.
enum class EventRun { training, validation };

/// The curves of phases as an event file of TensorBoard: records of (length, masked CRC-32C of it, message, masked
/// CRC-32C of that), each message an Event of tensorflow/core/util/event.proto. The first names the format; then comes
/// one for each epoch, with a scalar a series: of `validation` those whose names begin with "val_", without that; of
/// `training` the others. Epochs are counted through all phases, from 1, and each has the time at which it ended:
/// `start` (seconds since 1970) and the seconds of the epochs so far. So the file of more epochs begins as that of
/// fewer.
std::string event_file(std::span<const PhaseHistory> phases, EventRun run, double start);

/// The `start` of such a file, which its first record has; 0 where there is none.
double start_of(std::string_view event_file);

}  // namespace enxerto

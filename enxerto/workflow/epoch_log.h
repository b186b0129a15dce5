#pragma once
#include <filesystem>
#include <string_view>

#include "enxerto/metrics/history.h"
#include "enxerto/training/checkpoint.h"

namespace enxerto {

/// A file of a run beside the model that it saves at `output`: "flowers.model.epochs.csv" for the ending ".epochs.csv".
std::filesystem::path beside_output(const std::filesystem::path& output, std::string_view ending);

/// Writes the curves of the phases that have ended and of the one that is running to OUTPUT.epochs.csv, and, for
/// TensorBoard, to event files in OUTPUT.tensorboard/training and OUTPUT.tensorboard/validation. Those are appended to,
/// so that a TensorBoard that shows them sees new epochs; another run begins them anew. Throws Error{disk}.
void log_epochs(const std::filesystem::path& output, const RunState& run, const PhaseHistory& running);

}  // namespace enxerto

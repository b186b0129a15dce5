#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/metrics/history.h"

namespace enxerto {

/// The curves of phases as a table, a row an epoch: "phase,epoch,loss,val_loss,..". The columns are the series of all
/// phases in the order in which they began; a phase without one has empty cells (RFC 4180).
std::string epochs_csv(std::span<const PhaseHistory> phases);

/// Whether a table begins as one of `epochs_csv`, whatever a spreadsheet has made of it, or is empty.
bool is_epochs_csv(std::string_view table);

}  // namespace enxerto

#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/metrics/history.h"

namespace enxerto {

/// What sentences on curves have to know besides them.
struct CurvesRead {
  std::string_view part = "validation";  ///< what "val_loss" was measured on, as sentences call it
  bool own_rate = true;                  ///< whoever reads them has chosen the learning rate, and not a preset for them
};

/// What the curves of a phase ("loss", "val_loss" by epoch) say, a plain sentence each, most important first:
/// divergence, overfitting (validation rises while training falls, and from which epoch), underfitting (training hardly
/// falls), a plateau, and that it was still improving at the end, unless its rate had gone to nothing there. Empty for
/// fewer than three epochs, unless it diverged, and where there is nothing to say.
std::vector<std::string> curve_words(const PhaseHistory& history, const CurvesRead& read = {});

/// True where the validation loss, else the training loss, was noticeably at its best in the last of three or more
/// epochs, and the rate was not near nothing by then: such a schedule ends at its best whatever its length.
bool still_improving(const PhaseHistory& history);

/// True where the steps were too large, as `curve_words` says: the training loss is no number, stayed far above its
/// first epoch, or ended far above what it was before the first step.
bool is_diverging(const PhaseHistory& history);

}  // namespace enxerto

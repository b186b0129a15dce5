#include "enxerto/heads/balanced_weights.h"

namespace enxerto {

std::vector<double> balanced_weights(std::span<const std::int64_t> labels, std::size_t classes) {
  std::vector<double> counts(classes, 0.0);
  for (const std::int64_t label : labels) counts.at(static_cast<std::size_t>(label)) += 1;
  double present = 0;
  for (const double count : counts) present += count > 0 ? 1 : 0;
  std::vector<double> weights(classes, 1.0);
  for (std::size_t c = 0; c < classes; ++c) {
    if (counts[c] > 0) weights[c] = static_cast<double>(labels.size()) / (present * counts[c]);
  }
  return weights;
}

}  // namespace enxerto

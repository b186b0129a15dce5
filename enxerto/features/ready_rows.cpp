#include "enxerto/features/ready_rows.h"

#include <utility>

namespace enxerto {

ReadyRows::ReadyRows(const FeatureSource& source, Extracted all) : space_(feature_space(source)), all_(std::move(all)) {
  row_of_.reserve(all_.positions.size());
  for (std::size_t row = 0; row < all_.positions.size(); ++row) row_of_.emplace(all_.positions[row], row);
}

bool ReadyRows::is_of(const FeatureSource& source) const {
  return !row_of_.empty() && source.view < 0 && feature_space(source) == space_;
}

std::optional<Extracted> ReadyRows::of(const FeatureSource& source, const std::vector<std::size_t>& positions) const {
  if (!is_of(source)) return std::nullopt;
  std::vector<std::size_t> rows;
  rows.reserve(positions.size());
  for (const std::size_t position : positions) {
    const auto found = row_of_.find(position);
    if (found == row_of_.end()) return std::nullopt;
    rows.push_back(found->second);
  }
  Extracted part;
  part.stored = all_.stored.picked(rows);
  part.rows = part.stored.floats();
  part.row_shape = all_.row_shape;
  part.positions = positions;
  for (const std::size_t row : rows) part.contents.push_back(all_.contents[row]);
  part.storage = all_.storage;
  return part;
}

}  // namespace enxerto

#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "enxerto/metrics/history.h"
#include "enxerto/training/epoch_table.h"

namespace enxerto {

/// The values that one epoch has put into its curves.
class EpochFigures {
 public:
  void add(std::string name, double value) { rows_.emplace_back(std::move(name), value); }

  std::optional<double> find(std::string_view name) const {
    const auto row = std::ranges::find(rows_, name, &std::pair<std::string, double>::first);
    return row == rows_.end() ? std::nullopt : std::optional(row->second);
  }

  void append_to(PhaseHistory& history) const {
    for (const auto& [name, value] : rows_) history.append(name, value);
  }

  const EpochTable::Figures& rows() const { return rows_; }

 private:
  EpochTable::Figures rows_;
};

}  // namespace enxerto

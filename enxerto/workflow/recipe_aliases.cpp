#include "enxerto/workflow/recipe_aliases.h"

#include <algorithm>
#include <array>

namespace enxerto {
namespace {

struct KeyAlias {
  std::string_view table, old, now;
};

constexpr std::array kKeyAliases{
    KeyAlias{"data", "held_out", "test_split"},
    KeyAlias{"training", "rows", "cache_dtype"},
    KeyAlias{"phase", "accumulate", "accumulation_steps"},
    KeyAlias{"phase", "average_decay", "ema_decay"},
    KeyAlias{"phase", "find_rate", "lr_find"},
    KeyAlias{"phase", "step_epochs", "step_size"},
    KeyAlias{"phase", "cycle_rise", "pct_start"},
    KeyAlias{"phase", "final_factor", "end_factor"},
};

struct WordAlias {
  std::string_view table, key, old, now;
};

constexpr std::array kWordAliases{
    WordAlias{"data", "kind", "values", "regression"},
    WordAlias{"training", "optimizer", "convex", "lbfgs"},
    WordAlias{"phase", "optimizer", "convex", "lbfgs"},
    WordAlias{"phase", "batch_norm", "restat", "recompute"},
};

}  // namespace

std::string_view current_key(std::string_view table, std::string_view key) {
  const auto* row =
      std::ranges::find_if(kKeyAliases, [&](const KeyAlias& a) { return a.table == table && a.old == key; });
  return row == kKeyAliases.end() ? key : row->now;
}

std::string_view current_word(std::string_view table, std::string_view key, std::string_view word) {
  const auto* row = std::ranges::find_if(
      kWordAliases, [&](const WordAlias& a) { return a.table == table && a.key == key && a.old == word; });
  return row == kWordAliases.end() ? word : row->now;
}

}  // namespace enxerto

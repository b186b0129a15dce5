#include "enxerto/workflow/read_as_learned.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"

namespace enxerto {

Recipe::Data learned_data(std::string_view recipe, Progress& progress) {
  if (recipe.empty()) return {};
  try {
    return recipe_from_toml(recipe, "recipe.toml").data;
  } catch (const Error& error) {
    progress.notice(fmt::format("{}: how the data of training were read is not known", error.what()));
    return {};
  }
}

void require_readable_kind(const Preprocessor& preprocessor, const DatasetInfo& info, const std::string& where) {
  const Medium read = preprocessor.sample(0).front().medium;
  if (info.inputs.empty() || info.inputs.front() == read) return;
  const std::string_view nouns = nouns_of(info.inputs);
  throw data_error(where, std::string(nouns), fmt::format("{}, which this network reads", medium_row(read).nouns),
                   fmt::format("a network that reads {}, or other data", nouns));
}

void require_as_many_fields(const DatasetInfo& info, const std::vector<std::string>& columns,
                            const std::string& where) {
  const std::size_t learned = std::max<std::size_t>(columns.size(), 1);
  if (info.inputs.size() == learned) return;
  const std::string of = columns.empty() ? "" : fmt::format(" ({})", fmt::join(columns, ", "));
  throw data_error(where, fmt::format("examples of {}", counted(info.inputs.size(), "field")),
                   fmt::format("{} each, as in the data that the model learned from{}", counted(learned, "field"), of));
}

}  // namespace enxerto

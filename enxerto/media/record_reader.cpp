#include "enxerto/media/record_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/utf8.h"

namespace enxerto {

RecordReader::RecordReader(const Json& record, std::span<const std::string_view> names, std::string_view where)
    : record_(record), where_(where) {
  const std::vector<std::string> words(names.begin(), names.end());
  for (const auto& [key, value] : record.items())
    if (key != "kind" && std::ranges::find(names, key) == names.end())
      refuse(key, fmt::format("not a member of such a record{}", did_you_mean(key, words)),
             fmt::format("{}", fmt::join(names, ", ")));
}

void RecordReader::refuse(std::string_view key, std::string found, std::string expected) const {
  throw data_error(fmt::format("{}: {}", where_, as_utf8(key)), std::move(found), std::move(expected));
}

const Json& RecordReader::at(std::string_view key, std::string_view expected) const {
  const auto found = record_.find(key);
  if (found == record_.end()) refuse(key, "missing", std::string(expected));
  return *found;
}

double RecordReader::number(std::string_view key, double low, double high) const {
  const std::string expected = fmt::format("a number from {:g} to {:g}", low, high);
  const Json& found = at(key, expected);
  if (!found.is_number() || !(found.get<double>() >= low && found.get<double>() <= high))
    refuse(key, found.dump(), expected);
  return found.get<double>();
}

std::int64_t RecordReader::whole(std::string_view key, std::int64_t low, std::int64_t high) const {
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  const Json& found = at(key, expected);
  const double value = found.is_number() ? found.get<double>() : std::nan("");
  if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high)) || value != std::floor(value))
    refuse(key, found.dump(), expected);
  return static_cast<std::int64_t>(value);
}

bool RecordReader::flag(std::string_view key) const {
  const auto found = record_.find(key);
  if (found == record_.end()) return false;
  if (!found->is_boolean()) refuse(key, found->dump(), "true or false");
  return found->get<bool>();
}

}  // namespace enxerto

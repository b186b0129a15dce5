#include "enxerto/media/text/usual_length.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"

namespace enxerto {

std::int64_t usual_max_length(std::int64_t limit) { return std::min(limit, kUsualMaxLength); }

std::string note_of_length(const Preprocessor& preprocessor) {
  const Json record = preprocessor.record();
  const std::int64_t positions = record.value("positions", std::int64_t{0});
  if (positions <= kUsualMaxLength || record.value("max_length", std::int64_t{0}) != kUsualMaxLength) return "";
  return fmt::format("texts are cut to {} tokens; the network reads up to {} if asked to (max_length)", kUsualMaxLength,
                     format_count(static_cast<std::uint64_t>(positions)));
}

}  // namespace enxerto

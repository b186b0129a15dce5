#include "enxerto/data/chosen_part.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/concatenate.h"

namespace enxerto {

std::pair<DatasetPtr, std::string> chosen_part(const DataParts& parts, const std::string& wanted,
                                               const std::filesystem::path& path) {
  if (wanted == "all" || (wanted.empty() && !parts.has_parts())) return {everything(parts), "all"};
  if (wanted.empty()) {
    if (parts.test) return {parts.test, "test"};
    if (parts.validation) return {parts.validation, "validation"};
    return {parts.train, "train"};
  }
  const DatasetPtr part = wanted == "train" ? parts.train : wanted == "validation" ? parts.validation : parts.test;
  if (part) return {part, wanted};
  throw usage_error(path.string(), fmt::format("no part '{}'", wanted), "a part that the data have", "part 'all'");
}

}  // namespace enxerto

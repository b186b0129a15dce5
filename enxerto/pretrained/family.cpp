#include "enxerto/pretrained/family.h"

#include <charconv>
#include <limits>
#include <string_view>

#include "enxerto/media/preprocessor.h"

namespace enxerto {
namespace {

/// "resnet" and 18 of "resnet18"; -1 where no number is at the end.
struct FamilyName {
  std::string_view stem;
  int number = -1;

  explicit FamilyName(std::string_view name) : stem(name) {
    const std::size_t end = name.find_last_not_of("0123456789");
    const std::string_view digits = name.substr(end == std::string_view::npos ? 0 : end + 1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc())
      stem.remove_suffix(digits.size());
  }
};

}  // namespace

std::string next_of_family(const PretrainedSpec& spec) {
  const FamilyName own(spec.name);
  if (own.number < 0) return "";
  std::string next;
  int least = std::numeric_limits<int>::max();
  for (const PretrainedSpec& other : pretrained_models()) {
    const FamilyName name(other.name);
    if (other.source != spec.source || name.stem != own.stem || name.number <= own.number || name.number >= least)
      continue;
    next = other.name;
    least = name.number;
  }
  return next;
}

int pretrained_size(const PretrainedSpec& spec) {
  for (const PretrainedSpec& known : pretrained_models())
    if (known.name == spec.name && known.source == spec.source) return input_size(*known.preprocessor);
  return 0;
}

}  // namespace enxerto

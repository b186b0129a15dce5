#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace enxerto {

/// Two files of lines that belong together.
struct PairPath {
  std::string source, target;
};

/// What one path says of two: "train.{en,de}", or "train.en,train.de" where no file is called so and the first of the
/// two is there. Nothing where it is another path. Nothing but that is looked at.
std::optional<PairPath> pair_path(std::string_view path);

}  // namespace enxerto

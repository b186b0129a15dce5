#include "enxerto/data/pair_paths.h"

#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

/// The text on both sides of its one comma; nothing where there is none, or more, or nothing on a side.
std::optional<PairPath> at_comma(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || comma == 0 || comma + 1 == text.size()) return std::nullopt;
  if (text.find(',', comma + 1) != std::string_view::npos) return std::nullopt;
  return PairPath{.source = std::string(text.substr(0, comma)), .target = std::string(text.substr(comma + 1))};
}

}  // namespace

std::optional<PairPath> pair_path(std::string_view path) {
  const std::size_t open = path.find('{'), close = path.find('}');
  if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
    const std::optional<PairPath> names = at_comma(path.substr(open + 1, close - open - 1));
    if (!names) return std::nullopt;
    const std::string before(path.substr(0, open)), behind(path.substr(close + 1));
    return PairPath{.source = before + names->source + behind, .target = before + names->target + behind};
  }
  const std::optional<PairPath> files = at_comma(path);
  if (!files || is_file(std::string(path)) || !is_file(files->source)) return std::nullopt;
  return files;
}

}  // namespace enxerto

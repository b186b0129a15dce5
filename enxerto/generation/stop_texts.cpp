#include "enxerto/generation/stop_texts.h"

#include <algorithm>

namespace enxerto {

std::optional<StopPlace> find_stop(std::string_view text, std::span<const std::string> stops, std::size_t known) {
  std::optional<StopPlace> first;
  for (const std::string& stop : stops) {
    const std::size_t from = known >= stop.size() ? known - stop.size() + 1 : 0;
    const std::size_t at = text.find(stop, from);
    if (at != std::string_view::npos && (!first || at < first->begin)) first = StopPlace{.begin = at, .stop = stop};
  }
  return first;
}

std::size_t held_back(std::string_view text, std::span<const std::string> stops) {
  std::size_t most = 0;
  for (const std::string& stop : stops)
    for (std::size_t size = std::min(text.size(), stop.size() - 1); size > most; --size)
      if (text.ends_with(std::string_view(stop).substr(0, size))) most = size;
  return most;
}

}  // namespace enxerto

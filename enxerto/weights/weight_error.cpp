#include "enxerto/weights/weight_error.h"

#include <fmt/format.h>

#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {

void throw_weights_error(std::string_view where, WeightFault fault) {
  if (fault.tip.empty()) fault.tip = "get the file again; its checksum at the source shows whether it is complete";
  throw weights_error(std::string(where), std::move(fault.found), std::move(fault.expected), std::move(fault.tip));
}

std::string shown(std::string_view name) {
  constexpr std::size_t kLongest = 120;
  std::string text = "'";
  for (const char letter : name.substr(0, kLongest)) {
    const auto code = static_cast<unsigned char>(letter);
    if (code < 0x20 || code == 0x7f) {
      text += fmt::format("\\x{:02x}", code);
    } else {
      text += letter;
    }
  }
  return text + (name.size() > kLongest ? "..'" : "'");
}

}  // namespace enxerto

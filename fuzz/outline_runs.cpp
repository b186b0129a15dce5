// RLE strings of masks and tables of colours: what a labelling tool has written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/data/colour_table.h"
#include "enxerto/data/outline_runs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    (void)enxerto::runs_of_string(text, "input");
  } catch (const enxerto::Error&) {
  }
  try {
    (void)enxerto::parse_colour_table(text, "input");
  } catch (const enxerto::Error&) {
  }
  return 0;
}

// CVAT's XML: whatever it says, each shape lies in its picture and runs add up to its pixels, or it is an Error{data}.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/data/cvat_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    enxerto::KeptFaults faults;
    for (const enxerto::CvatImage& image : enxerto::parse_cvat_file(text, "fuzz.xml", faults).images)
      for (const enxerto::LabelledShape& shape : image.shapes) {
        const auto pixels =
            static_cast<std::uint64_t>(image.frame.width) * static_cast<std::uint64_t>(image.frame.height);
        if (shape.points.empty() && std::accumulate(shape.runs.begin(), shape.runs.end(), std::uint64_t{0}) != pixels)
          __builtin_trap();
      }
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::data) __builtin_trap();
  }
  return 0;
}

#include <cstddef>
#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/media/image/decode_mask.h"
#include "enxerto/media/image/image.h"

/// Whatever the bytes are, decoding them gives a picture or an Error, at full and at reduced size, and as a mask.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A few bytes can claim a picture that is allowed and takes seconds: the fuzzer would do nothing else.
  constexpr std::size_t kLongest = 1 << 16;
  if (size > kLongest) return 0;
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  for (const int scale : {0, 16}) {
    try {
      const enxerto::Image image = enxerto::decode_image(bytes, "fuzz", {.scale_to_at_least = scale});
      if (image.pixels.size() != static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3) {
        __builtin_trap();
      }
    } catch (const enxerto::Error&) {
    }
  }
  try {
    const enxerto::NumberedPicture mask = enxerto::decode_mask(bytes, "fuzz");
    if (mask.numbers.size() != static_cast<std::size_t>(mask.width) * static_cast<std::size_t>(mask.height))
      __builtin_trap();
  } catch (const enxerto::Error&) {
  }
  return 0;
}

#include "enxerto/media/doubt.h"

#include "enxerto/media/image/sixteen_bits.h"

namespace enxerto {

std::string doubt(std::span<const Field> example) {
  for (const Field& field : example) {
    if (field.medium != Medium::image || field.raw) continue;
    if (std::string text = few_of_16_bits(field.bytes.bytes()); !text.empty())
      return "uses few of its 16 bits and becomes nearly black, " + text;
  }
  return "";
}

}  // namespace enxerto

#include "enxerto/data/readable_size.h"

#include "enxerto/base/error.h"

namespace enxerto {

std::optional<PictureSize> readable_size(const Example& example) {
  try {
    return picture_size(example.field(0).bytes.bytes(), example.id());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    return std::nullopt;
  }
}

}  // namespace enxerto

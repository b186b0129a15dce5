#include "enxerto/zoo/efficientnet_variant.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

void check_variant(const std::string& family, const EfficientNetVariant& asked) {
  if (asked.variant >= 0 && asked.variant <= 4 && asked.size > 0 && asked.classes > 0) return;
  throw usage_error(fmt::format("{}{}", family, asked.variant),
                    fmt::format("variant {}, {} px, {} classes", asked.variant, asked.size, asked.classes),
                    "a variant from 0 to 4, at least one pixel and one class");
}

}  // namespace enxerto

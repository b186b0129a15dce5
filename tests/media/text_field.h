#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "enxerto/media/field.h"

namespace enxerto::testing {

/// A text as an example's field.
inline Field text_field(const std::string& text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)))};
}

}  // namespace enxerto::testing

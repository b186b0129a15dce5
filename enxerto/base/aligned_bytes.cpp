#include "enxerto/base/aligned_bytes.h"

#include <new>

namespace enxerto {

std::shared_ptr<std::byte> aligned_bytes(std::size_t count) {
  static constexpr std::align_val_t kAlignment{64};
  auto* memory = static_cast<std::byte*>(::operator new(count, kAlignment));
  return {memory, [](std::byte* bytes) { ::operator delete(bytes, kAlignment); }};
}

}  // namespace enxerto

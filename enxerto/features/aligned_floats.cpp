#include "enxerto/features/aligned_floats.h"

#include <new>

namespace enxerto {

std::shared_ptr<float[]> aligned_floats(std::size_t count) {
  static constexpr std::align_val_t kAlignment{64};
  auto* memory = static_cast<float*>(::operator new[](count * sizeof(float), kAlignment));
  return {memory, [](float* floats) { ::operator delete[](floats, kAlignment); }};
}

}  // namespace enxerto

#pragma once

namespace enxerto {

/// As long as one of these lives, large blocks that LibTorch gives back on the processor are kept for the next that
/// want them: a training step asks for the same sizes again and again, and memory fresh from the system must be mapped
/// and zeroed page by page, a third of a step of MobileNetV2. Blocks in use and kept ones together stay within a
/// quarter above the most that was ever in use. With the last of these all kept blocks go back.
class MemoryReuse {
 public:
  MemoryReuse();
  ~MemoryReuse();
  MemoryReuse(const MemoryReuse&) = delete;
  MemoryReuse& operator=(const MemoryReuse&) = delete;
};

}  // namespace enxerto

#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "enxerto/base/dtype.h"
#include "enxerto/base/words.h"
#include "enxerto/engine/device.h"

namespace enxerto {

/// The arithmetic that is asked for; `automatic` ("auto") leaves the choice to the run.
enum class AskedPrecision { automatic, fp32, bf16 };
template <>
inline constexpr std::array<std::string_view, 3> kWords<AskedPrecision>{"auto", "fp32", "bf16"};

/// What cached values at the cut of a phase are kept in.
enum class CacheDType { fp32, fp16, bf16 };
template <>
inline constexpr std::array<std::string_view, 3> kWords<CacheDType>{"fp32", "fp16", "bf16"};

constexpr DType dtype_of_cache(CacheDType dtype) {
  return dtype == CacheDType::fp16 ? DType::f16 : dtype == CacheDType::bf16 ? DType::bf16 : DType::f32;
}

/// Where values are kept that a frozen network has computed, and how many.
struct CacheSettings {
  bool enabled = true;                  ///< on disk, from run to run
  std::string directory = "";           ///< "" for $ENXERTO_CACHE or ~/.cache/enxerto
  double limit_gb = 20;                 ///< least recently used features are deleted above that; 0: no limit
  double budget_gb = 20;                ///< of one phase; frozen values beyond that are computed again every epoch
  CacheDType dtype = CacheDType::fp32;  ///< of values at the cut of a phase

  std::uint64_t budget_bytes() const { return static_cast<std::uint64_t>(budget_gb * 1e9); }
};

/// What all parts of a run share: read once, passed whole.
struct RunSettings {
  std::int64_t seed = 0;     ///< of every random choice
  std::int64_t threads = 0;  ///< 0: physical cores the process may use
  std::int64_t batch = 0;    ///< examples a call of the forward engine; 0: chosen from their size
  Device device = Device::cpu;
  AskedPrecision precision = AskedPrecision::automatic;           ///< of the frozen prefix
  AskedPrecision training_precision = AskedPrecision::automatic;  ///< of what learns
  double checkpoint_seconds = 60;                                 ///< a checkpoint at least so often, and each epoch
  CacheSettings cache = {};

  std::uint64_t random_seed() const { return static_cast<std::uint64_t>(seed); }
};

}  // namespace enxerto

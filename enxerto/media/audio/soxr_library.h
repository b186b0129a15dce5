#pragma once
#include <soxr.h>

namespace enxerto {

/// The functions of soxr that are used, opened with the first clip of another rate than is wanted.
struct SoxrLibrary {
  decltype(&soxr_oneshot) oneshot = nullptr;
  decltype(&soxr_io_spec) io_spec = nullptr;
  decltype(&soxr_quality_spec) quality_spec = nullptr;
};

/// Opened once, from any thread. Throws Error{other} where the machine has none.
const SoxrLibrary& soxr_library();

}  // namespace enxerto

#include "enxerto/media/audio/soxr_library.h"

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/system_library.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse_soxr(const std::string& found) {
  throw Error(ErrorKind::other, {.where = "soxr",
                                 .found = found,
                                 .expected = "libsoxr.so.0, which resamples sounds",
                                 .tip = "apt-get install libsoxr0"});
}

SoxrLibrary open_soxr() {
  const SystemLibrary library({"libsoxr.so.0"}, refuse_soxr);
  SoxrLibrary functions;
  library.find("soxr_oneshot", functions.oneshot);
  library.find("soxr_io_spec", functions.io_spec);
  library.find("soxr_quality_spec", functions.quality_spec);
  return functions;
}

}  // namespace

const SoxrLibrary& soxr_library() {
  static const SoxrLibrary library = open_soxr();
  return library;
}

}  // namespace enxerto

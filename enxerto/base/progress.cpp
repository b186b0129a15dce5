#include "enxerto/base/progress.h"

#include "enxerto/base/error.h"

namespace enxerto {

Progress& no_progress() {
  static Progress nobody;
  return nobody;
}

void throw_if_cancelled(const Progress& progress) {
  if (!progress.cancelled()) return;
  throw Error(ErrorKind::interrupted,
              {.where = "", .found = "interrupted", .tip = "the same command again; finished work is kept"});
}

}  // namespace enxerto

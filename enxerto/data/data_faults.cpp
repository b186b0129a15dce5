#include "enxerto/data/data_faults.h"

namespace enxerto {

DataFaults& refused_faults() {
  static DataFaults faults;
  return faults;
}

void KeptFaults::add(Error fault) {
  const std::scoped_lock lock(mutex_);
  faults_.push_back(std::move(fault));
}

std::vector<Error> KeptFaults::all() const {
  const std::scoped_lock lock(mutex_);
  return faults_;
}

}  // namespace enxerto

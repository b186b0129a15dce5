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

void KeptFaults::doubt(ErrorText doubt) {
  const std::scoped_lock lock(mutex_);
  doubts_.push_back(std::move(doubt));
}

std::vector<ErrorText> KeptFaults::doubts() const {
  const std::scoped_lock lock(mutex_);
  return doubts_;
}

std::vector<Error> KeptFaults::all() const {
  const std::scoped_lock lock(mutex_);
  return faults_;
}

}  // namespace enxerto

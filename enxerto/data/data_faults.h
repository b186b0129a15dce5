#pragma once
#include <mutex>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {

/// Where readers of data tell of what is wrong with a part of them: a box, a line, a mask.
class DataFaults {
 public:
  virtual ~DataFaults() = default;

  /// True where `add` returns: readers go on without what is wrong.
  virtual bool keeps() const { return false; }

  /// Throws `fault`, or keeps it. May be called from several threads at once.
  virtual void add(Error fault) { throw Error(std::move(fault)); }

  /// What is read in some way and yet hardly meant so, which a notice says too; kept where faults are.
  virtual void doubt(ErrorText /*doubt*/) {}
};

/// Throws the first.
DataFaults& refused_faults();

/// Keeps all of them.
class KeptFaults final : public DataFaults {
 public:
  bool keeps() const override { return true; }
  void add(Error fault) override;
  void doubt(ErrorText doubt) override;

  /// In the order in which they were found.
  std::vector<Error> all() const;
  std::vector<ErrorText> doubts() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Error> faults_;
  std::vector<ErrorText> doubts_;
};

/// Does `step`. What it throws as Error{data} is kept where `faults` keeps.
template <typename Step>
void going_on(DataFaults& faults, Step step) {
  if (!faults.keeps()) return step();
  try {
    step();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    faults.add(error);
  }
}

}  // namespace enxerto

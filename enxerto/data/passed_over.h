#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// Collects what a scan passed over and says it in one notice a reason: "3 hidden entries passed over: a, b, c".
class PassedOver {
 public:
  /// `reason` is a plural, e.g. "hidden entries".
  void add(std::string_view reason, std::string_view name);

  /// All that another one has collected.
  void add(const PassedOver& other);

  void tell(Progress& progress) const;

 private:
  struct Heap {
    std::size_t count = 0;
    std::vector<std::string> first;
  };
  std::map<std::string, Heap, std::less<>> heaps_;
};

/// `name` on one line and in UTF-8: control characters and bytes that are no UTF-8 as \xNN.
std::string printable(std::string_view name);

}  // namespace enxerto

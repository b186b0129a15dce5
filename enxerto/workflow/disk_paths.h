#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// The last name of a path: "flowers" of "/home/ana/flowers/".
std::string last_name(std::string_view path);

/// Takes the places of this machine's disk out of what goes with a model: what is below a folder that the run was given
/// keeps its path from that folder on, of other paths from the root the last name is left.
class DiskPaths {
 public:
  explicit DiskPaths(const TrainReport& report);

  std::string left_out(std::string text) const;

  /// The same of each text in it.
  Json left_out(Json json) const;

 private:
  std::vector<std::pair<std::string, std::string>> known_;  // path and what stands for it, the longest first
};

}  // namespace enxerto

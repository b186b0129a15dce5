#include "enxerto/heads/map_head.h"

#include <algorithm>
#include <string>
#include <utility>

namespace enxerto {

bool is_fixed_map(const Value& value) {
  return value.dtype == DType::f32 && value.shape.size() == 4 &&
         std::none_of(value.shape.begin() + 1, value.shape.end(), [](const Dim& dim) { return dim.is_symbolic(); });
}

Blueprint alone(const HeadFeatures& features, const std::function<void(GraphBuilder& net)>& add) {
  GraphBuilder net{std::string(kHeadStage)};
  for (const Value& map : features.maps) net.input(map.name, map.shape, map.dtype);
  add(net);
  return std::move(net).finish();
}

}  // namespace enxerto

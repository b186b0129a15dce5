#include "enxerto/graph/attributes.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

void fail_attribute(const Node& node, std::string_view attribute, std::string_view found) {
  throw weights_error(fmt::format("node '{}' ({})", node.name, node.op),
                      fmt::format("attribute '{}' is {}", attribute, found),
                      "what ONNX opset 20 specifies for this operator");
}

}  // namespace enxerto

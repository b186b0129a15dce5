#include "enxerto/graph/attributes.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {

void fail_attribute(const Node& node, std::string_view attribute, std::string_view found) {
  throw Error(ErrorKind::weights, {.where = fmt::format("node '{}' ({})", node.name, node.op),
                                   .found = fmt::format("attribute '{}' is {}", attribute, found),
                                   .expected = "what ONNX opset 20 says of this operation",
                                   .tip = ""});
}

}  // namespace enxerto

#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "enxerto/base/tensor.h"
#include "enxerto/graph/graph.h"

namespace enxerto_onnx {
class TensorProto;
}

namespace enxerto {

/// Tensors below this are always inside: they are shapes and limits, which readers want to see at once.
inline constexpr std::size_t kAlwaysInside = 1024;

/// Where a parameter's bytes are outside of the model.
struct Placement {
  std::string location;
  std::uint64_t offset = 0;
};
using Placements = std::unordered_map<std::string_view, Placement>;

/// Each large parameter at its address in this process.
Placements place_by_address(const Graph& graph);

/// Each large parameter in the file `location`, in order, on a page of its own so that readers may map it.
Placements place_in_file(const Graph& graph, const std::string& location);

/// Writes dtype, shape and name, and the bytes or where they are (nullptr: inside).
void fill(enxerto_onnx::TensorProto& proto, const Tensor& tensor, const Placement* placement);

}  // namespace enxerto

#include "enxerto/onnx/placement.h"

#include "enxerto/onnx/element_type.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kPage = 4096;

void add_entry(enxerto_onnx::TensorProto& proto, std::string key, std::string value) {
  auto* entry = proto.add_external_data();
  entry->set_key(std::move(key));
  entry->set_value(std::move(value));
}

}  // namespace

Placements place_by_address(const Graph& graph) {
  Placements placements;
  for (const auto& [name, tensor] : graph.parameters) {
    if (tensor.byte_size() < kAlwaysInside) continue;
    placements[name] = {"*/_ORT_MEM_ADDR_/*", reinterpret_cast<std::uintptr_t>(tensor.data())};
  }
  return placements;
}

Placements place_in_file(const Graph& graph, const std::string& location) {
  Placements placements;
  std::uint64_t end = 0;
  for (const auto& [name, tensor] : graph.parameters) {
    if (tensor.byte_size() < kAlwaysInside) continue;
    const std::uint64_t begin = (end + kPage - 1) / kPage * kPage;
    placements[name] = {location, begin};
    end = begin + tensor.byte_size();
  }
  return placements;
}

void fill(enxerto_onnx::TensorProto& proto, const Tensor& tensor, const Placement* placement) {
  proto.set_data_type(onnx_element_type(tensor.dtype()));
  for (const std::int64_t size : tensor.shape()) proto.add_dims(size);
  if (placement == nullptr) {
    proto.set_raw_data(tensor.data(), tensor.byte_size());
    return;
  }
  proto.set_data_location(enxerto_onnx::TensorProto::EXTERNAL);
  add_entry(proto, "location", placement->location);
  add_entry(proto, "offset", std::to_string(placement->offset));
  add_entry(proto, "length", std::to_string(tensor.byte_size()));
}

}  // namespace enxerto

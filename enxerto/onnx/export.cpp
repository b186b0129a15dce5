#include "enxerto/onnx/export.h"

#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/onnx/model.h"
#include "enxerto/onnx/placement.h"

namespace enxerto {
namespace {

void write_data(const Graph& graph, const Placements& placements, const std::filesystem::path& path) {
  AtomicFile file(path);
  std::uint64_t end = 0;
  std::vector<std::byte> gap;
  for (const auto& [name, tensor] : graph.parameters) {
    const auto placement = placements.find(name);
    if (placement == placements.end()) continue;
    gap.assign(to_size(placement->second.offset - end), std::byte{0});
    file.write(gap);
    file.write(tensor.bytes());
    end = placement->second.offset + tensor.byte_size();
  }
  file.commit();
}

}  // namespace

std::string to_onnx_bytes(const Graph& graph, const ExportOptions& options) {
  const bool by_address = options.parameters == OnnxParameters::by_address;
  return serialize_model(graph, by_address ? place_by_address(graph) : Placements{}, options.metadata);
}

void write_onnx(const Graph& graph, const std::filesystem::path& path, const OnnxFileOptions& options) {
  Placements placements;
  if (options.external) {
    std::filesystem::path data = path;
    data += ".data";
    placements = place_in_file(graph, data.filename().string());
    write_data(graph, placements, data);
  }
  write_atomically(path, serialize_model(graph, placements, options.metadata));
}

}  // namespace enxerto

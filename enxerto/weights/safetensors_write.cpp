#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/json.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/weights/safetensors_header.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kHeaderAlignment = 8;

std::vector<const StateDict::Entry*> in_file_order(const StateDict& tensors) {
  std::vector<const StateDict::Entry*> order;
  for (const auto& entry : tensors) order.push_back(&entry);
  std::ranges::sort(order, [](const auto* a, const auto* b) {
    const std::size_t size_a = size_of(a->second.dtype()), size_b = size_of(b->second.dtype());
    return size_a != size_b ? size_a > size_b : a < b;
  });
  return order;
}

std::string header_text(const std::vector<const StateDict::Entry*>& order, const Metadata& metadata,
                        std::string_view where) {
  // Text by text and not as one tree: an ordered tree searches all its members for every one that is added.
  std::string text = "{";
  const auto separate = [&text] { text += text.size() == 1 ? "" : ","; };
  try {
    if (!metadata.empty()) text += "\"__metadata__\":" + Json(metadata).dump();
    std::size_t offset = 0;
    for (const auto* entry : order) {
      const auto& [name, tensor] = *entry;
      if (name == "__metadata__") {
        throw_weights_error(where, {.found = "a tensor is named '__metadata__'",
                                    .expected = "any other name: the format reserves this one",
                                    .tip = "rename it"});
      }
      separate();
      text += Json(name).dump() + ":" +
              Json{{"dtype", safetensors_name(tensor.dtype())},
                   {"shape", tensor.shape()},
                   {"data_offsets", {offset, offset + tensor.byte_size()}}}
                  .dump();
      offset += tensor.byte_size();
    }
  } catch (const nlohmann::json::exception&) {
    throw_weights_error(where, {.found = "a name or a metadata text is not valid UTF-8",
                                .expected = "UTF-8, which the format requires",
                                .tip = "rename it"});
  }
  text += "}";
  text.append((kHeaderAlignment - text.size() % kHeaderAlignment) % kHeaderAlignment, ' ');
  return text;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const StateDict& tensors, const Metadata& metadata) {
  const auto order = in_file_order(tensors);
  const std::string header = header_text(order, metadata, path.string());
  AtomicFile file(path);
  const std::uint64_t length = header.size();
  file.write(std::as_bytes(std::span(&length, 1)));
  file.write(header);
  for (const auto* entry : order) file.write(entry->second.bytes());
  file.commit();
}

}  // namespace enxerto

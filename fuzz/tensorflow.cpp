#include "enxerto/tensorflow/import.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"

/// Whatever the bytes are, a model.json up to the first zero byte and the bytes of every shard behind it, reading them
/// gives a graph that is well formed and whose shapes go together, or an Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* const zero = std::find(data, data + size, std::uint8_t{0});
  const std::string_view model(reinterpret_cast<const char*>(data), static_cast<std::size_t>(zero - data));
  const auto* const begin = reinterpret_cast<const std::byte*>(zero == data + size ? zero : zero + 1);
  const auto shard =
      std::make_shared<const std::vector<std::byte>>(begin, reinterpret_cast<const std::byte*>(data + size));
  const enxerto::TfjsShardSource source = [&](const std::string&) {
    return enxerto::TfjsShard{.data = std::shared_ptr<const std::byte>(shard, shard->data()), .size = shard->size()};
  };
  try {
    const enxerto::TensorFlowModel read = enxerto::parse_tensorflow(model, source, "fuzz");
    enxerto::check(read.graph);
    enxerto::infer_shapes(read.graph);
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/tfjs/tfjs.h"

/// Whatever the bytes are, a manifest up to the first zero byte and the bytes of every shard behind it, reading them as
/// a TF.js model gives tensors whose bytes can be read, or an Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* const zero = std::find(data, data + size, std::uint8_t{0});
  const std::string_view manifest(reinterpret_cast<const char*>(data), static_cast<std::size_t>(zero - data));
  const auto* const begin = reinterpret_cast<const std::byte*>(zero == data + size ? zero : zero + 1);
  const auto shard =
      std::make_shared<const std::vector<std::byte>>(begin, reinterpret_cast<const std::byte*>(data + size));
  const enxerto::TfjsShardSource source = [&](const std::string&) {
    return enxerto::TfjsShard{std::shared_ptr<const std::byte>(shard, shard->data()), shard->size()};
  };
  try {
    const auto file = enxerto::read_tfjs(manifest, source, "fuzz");
    for (const auto& entry : file.tensors) enxerto::hash128(entry.second.bytes());
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::weights) __builtin_trap();
  }
  return 0;
}

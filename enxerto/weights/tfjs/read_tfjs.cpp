#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/tfjs/dequantise.h"
#include "enxerto/weights/tfjs/manifest.h"
#include "enxerto/weights/tfjs/tfjs.h"
#include "enxerto/weights/tfjs/topology.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kManifestLimit = 64 << 20;

/// The joined bytes of a group's shards, of which only what lies across two of them is ever copied.
class GroupBytes {
 public:
  GroupBytes(const TfjsGroup& group, const TfjsShardSource& source, std::string_view where) {
    for (const std::string& path : group.paths) {
      shards_.push_back({.shard = source(path), .begin = size_});
      if (__builtin_add_overflow(size_, shards_.back().shard.size, &size_)) break;
    }
    if (size_ == group.stored_bytes) return;
    throw_weights_error(where, {.found = fmt::format("has {} bytes in {}", size_, name_of_paths(group)),
                                .expected = fmt::format("the {} bytes that its {} weights declare", group.stored_bytes,
                                                        group.weights.size()),
                                .tip = "download the shards again: one is truncated or belongs to another model"});
  }

  /// `size` bytes from `offset`, which the caller has checked against the group.
  std::shared_ptr<const std::byte> at(std::uint64_t offset, std::uint64_t size) const {
    const auto behind = std::ranges::upper_bound(shards_, offset, {}, &Placed::begin);
    if (size == 0 || behind == shards_.begin()) return std::make_shared<const std::byte>();
    auto placed = behind - 1;
    const std::uint64_t inside = offset - placed->begin;
    if (size <= placed->shard.size - inside) return {placed->shard.data, placed->shard.data.get() + inside};
    return joined(to_size(placed - shards_.begin()), inside, size);
  }

 private:
  struct Placed {
    TfjsShard shard;
    std::uint64_t begin = 0;
  };

  static std::string name_of_paths(const TfjsGroup& group) {
    if (group.paths.empty()) return "no shards";
    if (group.paths.size() == 1) return "the shard " + shown(group.paths.front());
    return fmt::format("the {} shards {} to {}", group.paths.size(), shown(group.paths.front()),
                       shown(group.paths.back()));
  }

  std::shared_ptr<const std::byte> joined(std::size_t index, std::uint64_t inside, std::uint64_t size) const {
    TensorBuffer buffer(DType::u8, {static_cast<std::int64_t>(size)});
    std::span<std::byte> to = buffer.bytes();
    while (!to.empty()) {
      const TfjsShard& shard = shards_[index++].shard;
      const auto part = to_size(std::min<std::uint64_t>(to.size(), shard.size - inside));
      if (part > 0) std::memcpy(to.data(), shard.data.get() + inside, part);
      to = to.subspan(part);
      inside = 0;
    }
    const auto whole = std::make_shared<const Tensor>(std::move(buffer).freeze());
    return {whole, whole->data()};
  }

  std::vector<Placed> shards_;
  std::uint64_t size_ = 0;
};

struct Named {
  std::string_view name;
  Tensor tensor;
};

void read_group(const TfjsGroup& group, const GroupBytes& bytes, std::vector<Named>& to) {
  std::uint64_t offset = 0;
  for (const TfjsWeight& weight : group.weights) {
    const auto stored = bytes.at(offset, weight.stored_bytes);
    offset += weight.stored_bytes;
    to.push_back({.name = weight.name,
                  .tensor = weight.quantization ? dequantised(weight, stored.get())
                                                : foreign_tensor(weight.dtype, weight.shape, stored)});
  }
}

void note_quantised(const TfjsManifest& manifest, WeightFile& file) {
  std::size_t count = 0, all = 0;
  for (const TfjsGroup& group : manifest.groups) {
    all += group.weights.size();
    count += to_size(
        std::ranges::count_if(group.weights, [](const TfjsWeight& weight) { return weight.quantization.has_value(); }));
  }
  if (count > 0) file.notes.push_back(fmt::format("restored {} of {} tensors from quantised values", count, all));
}

TfjsShard map_shard(const std::filesystem::path& manifest, const std::string& path) {
  const std::filesystem::path file = manifest.parent_path() / path;
  if (!identity_of(file)) {
    throw_weights_error(manifest.string(), {.found = "names the shard " + shown(path) + ", which is missing",
                                            .expected = "all shards in the manifest's folder",
                                            .tip = "download it from where the manifest came from"});
  }
  const MappedFile map(file, ErrorKind::weights);
  return {.data = map.share(0), .size = map.bytes().size()};
}

}  // namespace

bool looks_like_tfjs(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t first = text.substr(0, 64).find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || bytes.size() > kManifestLimit) return false;
  if (text[first] == '{') return text.find("\"weightsManifest\"") != std::string_view::npos;
  return text[first] == '[' && text.find("\"paths\"") != std::string_view::npos &&
         text.find("\"weights\"") != std::string_view::npos;
}

WeightFile read_tfjs(std::string_view text, const TfjsShardSource& shards, std::string_view where) {
  const TfjsManifest manifest = parse_tfjs_manifest(text, where);
  WeightFile file;
  file.format = manifest.format;
  file.metadata = manifest.metadata;
  file.file_bytes = text.size();
  std::vector<Named> found;
  for (const TfjsGroup& group : manifest.groups) {
    read_group(group, GroupBytes(group, shards, where), found);
    file.file_bytes += group.stored_bytes;
  }
  if (found.empty()) {
    throw_weights_error(where, {.found = "names no weights", .expected = "a model with weights"});
  }
  std::vector<std::string_view> names;
  for (const Named& one : found) names.push_back(one.name);
  for (const std::size_t i : in_order_of_layers(names, manifest.layers)) {
    file.tensor_bytes += found[i].tensor.byte_size();
    file.tensors.set(std::string(found[i].name), std::move(found[i].tensor));
  }
  note_quantised(manifest, file);
  return file;
}

WeightFile read_tfjs(const std::filesystem::path& manifest) {
  const std::string text = read_text(manifest, kManifestLimit, ErrorKind::weights);
  return read_tfjs(text, tfjs_shards_beside(manifest), manifest.string());
}

TfjsShardSource tfjs_shards_beside(const std::filesystem::path& manifest) {
  return [manifest](const std::string& path) { return map_shard(manifest, path); };
}

}  // namespace enxerto

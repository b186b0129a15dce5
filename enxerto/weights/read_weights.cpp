#include "enxerto/weights/read_weights.h"

#include <algorithm>

#include "enxerto/files/mapping.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/gguf/gguf.h"
#include "enxerto/weights/keras/keras_file.h"
#include "enxerto/weights/marian/marian_binary.h"
#include "enxerto/weights/not_read.h"
#include "enxerto/weights/npz/npz.h"
#include "enxerto/weights/pytorch/pytorch.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/weights/sharded/sharded.h"
#include "enxerto/weights/tfjs/tfjs.h"

namespace enxerto {
namespace {

using Bytes = std::span<const std::byte>;
using namespace std::string_view_literals;

/// A format that keeps its tensors in the file itself.
template <WeightFile (*read)(Bytes, const std::shared_ptr<const void>&, std::string_view)>
WeightFile from_bytes(const FileSource& source) {
  return read(source.bytes, source.owner, source.where);
}

WeightFile read_safetensors_file(const FileSource& source) {
  WeightFile file;
  file.format = "safetensors";
  file.tensors = read_safetensors(source, &file.metadata);
  return file;
}

/// The formats that are read, asked in this order.
struct Format {
  bool (*is)(Bytes);
  WeightFile (*read)(const FileSource&);
};
constexpr Format kFormats[] = {
    {looks_like_hdf5, read_keras_hdf5},
    {looks_like_keras_archive, read_keras_archive},
    {looks_like_npz, from_bytes<read_npz>},
    {[](Bytes bytes) { return beginning(bytes, 4) == "PK\x03\x04"sv; }, from_bytes<read_pytorch_zip>},
    {looks_like_legacy_pytorch, read_pytorch_legacy},
    {looks_like_gguf, read_gguf},
    {looks_like_marian, from_bytes<read_marian>},
    {looks_like_safetensors, read_safetensors_file},
};

/// Formats whose file names others next to it, so that its path is needed.
struct ShardIndexName {
  bool (*is)(Bytes);
  WeightFile (*read)(const std::filesystem::path&);
};
constexpr ShardIndexName kIndexes[] = {
    {looks_like_tfjs, read_tfjs},
    {looks_like_shard_index, read_sharded},
};

WeightFile read_source(const FileSource& source) {
  for (const Format& format : kFormats) {
    if (!format.is(source.bytes)) continue;
    WeightFile file = format.read(source);
    file.file_bytes = source.bytes.size();
    for (const auto& entry : file.tensors) file.tensor_bytes += entry.second.byte_size();
    return file;
  }
  refuse_unread(source.bytes, source.where);
}

}  // namespace

WeightFile read_weights(Bytes bytes, const std::shared_ptr<const void>& owner, std::string_view where) {
  return read_source({.bytes = bytes, .owner = owner, .where = where, .path = {}});
}

WeightFile read_weights(const std::filesystem::path& path) {
  refuse_saved_model(path);
  const MappedFile file(path, ErrorKind::weights);
  for (const ShardIndexName& index : kIndexes) {
    if (index.is(file.bytes())) return index.read(path);
  }
  const std::string where = path.string();
  return unless_it_shrank(
      [&] { return read_source({.bytes = file.bytes(), .owner = file.share(0), .where = where, .path = path}); });
}

}  // namespace enxerto

#include "enxerto/weights/sharded/sharded.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kIndexLimit = std::size_t{64} << 20U, kShardLimit = 4096;
constexpr std::string_view kMapKey = "weight_map";

/// What an index says: its shards in the order in which it first names them, and where each tensor is.
struct Index {
  std::vector<std::string> shards;
  std::unordered_map<std::string, std::string> shard_of;
  std::uint64_t total_size = 0;  // 0: it does not say
};

/// A file of the index's own folder: a name without any way out of it.
bool is_file_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

Index parse_index(const Json& root, std::string_view where) {
  const auto map = root.is_object() ? root.find(std::string(kMapKey)) : root.end();
  if (map == root.end() || !map->is_object() || map->empty()) {
    throw_weights_error(where, {.found = "has no 'weight_map' of tensors and files", .expected = "one"});
  }
  Index index;
  std::unordered_set<std::string> known;
  for (const auto& [tensor, shard] : map->items()) {
    if (!shard.is_string() || !is_file_name(shard.get_ref<const std::string&>())) {
      throw_weights_error(where, {.found = fmt::format("places {} in {}", shown(tensor), shown(shard.dump())),
                                  .expected = "the name of a file in its own folder",
                                  .tip = "put the shards next to the index and list them there"});
    }
    const auto& name = shard.get_ref<const std::string&>();
    if (known.insert(name).second) index.shards.push_back(name);
    index.shard_of.emplace(tensor, name);
  }
  if (index.shards.size() > kShardLimit) {
    throw_weights_error(where, {.found = fmt::format("names {} shards", index.shards.size()),
                                .expected = fmt::format("at most {}", kShardLimit)});
  }
  if (const auto metadata = root.find("metadata"); metadata != root.end() && metadata->is_object()) {
    const auto total = metadata->find("total_size");
    if (total != metadata->end() && total->is_number_unsigned()) index.total_size = total->get<std::uint64_t>();
  }
  return index;
}

WeightFile read_shard(const std::filesystem::path& path, const std::filesystem::path& index) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw_weights_error(path.string(), {.found = "is missing",
                                        .expected = fmt::format("the shard that {} names", index.filename().string()),
                                        .tip = "get it from where the index came from"});
  }
  // By its bytes alone, so that a shard cannot be an index again.
  const MappedFile file(path, ErrorKind::weights);
  return read_weights(file.bytes(), file.share(0), path.string());
}

/// Adds the tensors of one shard, each of which the index must place there.
void add_shard(WeightFile& whole, WeightFile shard, const std::pair<const Index&, const std::string&>& place) {
  const auto& [index, name] = place;
  for (const auto& [tensor, value] : shard.tensors) {
    const auto known = index.shard_of.find(tensor);
    if (known != index.shard_of.end() && known->second == name) {
      whole.tensors.set(tensor, value);
      continue;
    }
    throw_weights_error(name,
                        {.found = fmt::format("holds the tensor {}", shown(tensor)),
                         .expected = known == index.shard_of.end()
                                         ? "only tensors that the index names"
                                         : fmt::format("it in {}, where the index places it", shown(known->second)),
                         .tip = "get the index and the shards again, all from the same source"});
  }
  whole.file_bytes += shard.file_bytes;
  whole.tensor_bytes += shard.tensor_bytes;
  whole.metadata.merge(shard.metadata);
  for (std::string& note : shard.notes) whole.notes.push_back(fmt::format("{}: {}", name, note));
  whole.format = std::move(shard.format);
}

void check_complete(const Index& index, const StateDict& tensors, std::string_view where) {
  std::vector<std::string> missing;
  for (const auto& [tensor, shard] : index.shard_of)
    if (!tensors.contains(tensor)) missing.push_back(fmt::format("{} in {}", shown(tensor), shown(shard)));
  if (missing.empty()) return;
  throw_weights_error(where, {.found = fmt::format("{} of its tensors are not where it places them: {}{}",
                                                   missing.size(), missing[0], missing.size() > 1 ? ", .." : ""),
                              .expected = "shards that belong to it",
                              .tip = "get the index and the shards again, all from the same source"});
}

}  // namespace

bool looks_like_shard_index(std::span<const std::byte> bytes) {
  if (bytes.size() > kIndexLimit) return false;
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' && text.find("\"weight_map\"") != std::string_view::npos;
}

WeightFile read_sharded(const std::filesystem::path& path) {
  const Index index = parse_index(read_json(path, kIndexLimit, ErrorKind::weights), path.string());
  WeightFile whole;
  whole.file_bytes = std::filesystem::file_size(path);
  for (const std::string& name : index.shards)
    add_shard(whole, read_shard(path.parent_path() / name, path), {index, name});
  check_complete(index, whole.tensors, path.string());
  whole.format = fmt::format("{}, {} shards", whole.format, index.shards.size());
  if (index.total_size != 0 && index.total_size != whole.tensor_bytes)
    whole.notes.push_back(fmt::format("{} says {} bytes of tensors, there are {}", path.filename().string(),
                                      index.total_size, whole.tensor_bytes));
  return whole;
}

}  // namespace enxerto

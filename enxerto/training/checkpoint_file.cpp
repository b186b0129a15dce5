#include "enxerto/training/checkpoint_file.h"

#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {
namespace {

constexpr std::string_view kFormat = "format", kFormatName = "enxerto training 1", kDigest = "digest";

[[noreturn]] void refuse(const std::filesystem::path& path, std::string found) {
  throw weights_error(path.string(), std::move(found), "a checkpoint of a training run, as it was written",
                      "remove its folder and start again");
}

/// By name, as the order in a file is another than that in memory.
std::string digest_of(const StateDict& tensors, const Metadata& texts) {
  std::map<std::string_view, const Tensor*> sorted;
  for (const auto& [name, tensor] : tensors) sorted[name] = &tensor;
  Hash128Stream stream;
  for (const auto& [name, tensor] : sorted) {
    stream.add(name).add(name_of(tensor->dtype())).add(to_string(tensor->shape()));
    stream.add(hash128(tensor->bytes()));
  }
  for (const auto& [name, text] : texts)
    if (name != kDigest) stream.add(std::string_view(name)).add(std::string_view(text));
  return stream.value().hex();
}

}  // namespace

const std::string& CheckpointFile::text(std::string_view name, const std::filesystem::path& path) const {
  const auto found = texts.find(name);
  if (found == texts.end()) refuse(path, "it has no '" + std::string(name) + "'");
  return found->second;
}

StateDict CheckpointFile::group(std::string_view name) const {
  const auto found = groups.find(name);
  return found == groups.end() ? StateDict() : found->second;
}

void write_checkpoint(const std::filesystem::path& path, const CheckpointFile& file) {
  StateDict all;
  for (const auto& [group, tensors] : file.groups)
    for (const auto& [name, tensor] : tensors) all.set(group + "/" + name, tensor);
  Metadata texts(file.texts.begin(), file.texts.end());
  texts[std::string(kFormat)] = kFormatName;
  texts[std::string(kDigest)] = digest_of(all, texts);
  write_safetensors(path, all, texts);
}

CheckpointFile read_checkpoint(const std::filesystem::path& path) {
  Metadata texts;
  const StateDict all = read_safetensors(path, &texts);
  if (const auto format = texts.find(kFormat); format == texts.end() || format->second != kFormatName)
    refuse(path, "it is not a checkpoint of a training run");
  const auto digest = texts.find(kDigest);
  if (digest == texts.end() || digest->second != digest_of(all, texts)) refuse(path, "it is damaged");
  CheckpointFile file;
  file.texts = {texts.begin(), texts.end()};
  for (const auto& [name, tensor] : all) {
    const std::size_t slash = name.find('/');
    if (slash == std::string::npos) refuse(path, "a tensor is named '" + name + "'");
    file.groups[name.substr(0, slash)].set(name.substr(slash + 1), tensor);
  }
  return file;
}

}  // namespace enxerto

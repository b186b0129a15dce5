#include "enxerto/engine/load_module.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "enxerto/base/error.h"
#include "enxerto/engine/passive_waiting.h"

namespace enxerto {
namespace {

using Directories = std::vector<std::filesystem::path>;

/// A library that is opened on first use.
struct ModuleRow {
  const char* file;
  const char* entry;
  int version;
  const char* what;
  const char* tip;
};
constexpr ModuleRow kForward{
    "libenxerto_openvino.so", kModuleEntryName, kModuleVersion, "the forward engine",
    "run tools/setup, which unpacks the wheel openvino, and build the target enxerto_openvino; or set "
    "ENXERTO_ENGINE_DIR to the directory of libenxerto_openvino.so"};
constexpr ModuleRow kTraining{
    "libenxerto_torch.so", kTrainingModuleEntryName, kTrainingModuleVersion, "the training engine",
    "run tools/setup train, which unpacks the wheel torch, then configure again and build the target enxerto_torch; or "
    "set ENXERTO_ENGINE_DIR to the directory of libenxerto_torch.so"};

std::filesystem::path own_directory() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&module_directories), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::canonical(info.dli_fname, ignored);
  if (!file.empty()) return file.parent_path();
  // A program that was started by its bare name is known to the loader by that name only.
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

[[noreturn]] void refuse(const ModuleRow& row, const std::filesystem::path& file, std::string found) {
  throw Error(ErrorKind::other,
              {.where = file.string(), .found = std::move(found), .expected = row.what, .tip = row.tip});
}

/// `Module` by its entry, `const Module* (*)(int version)`.
template <typename Module>
const Module& open_file(const ModuleRow& row, const std::filesystem::path& file) {
  const PassiveWaiting passive;
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const reason = dlerror();
    refuse(row, file, fmt::format("cannot be loaded ({})", reason == nullptr ? "no reason given" : reason));
  }
  const auto entry = reinterpret_cast<const Module* (*)(int)>(dlsym(library, row.entry));
  const Module* const module = entry == nullptr ? nullptr : entry(row.version);
  if (module == nullptr) refuse(row, file, "belongs to another version of Enxerto");
  return *module;
}

template <typename Module>
const Module& open_in(const ModuleRow& row, const Directories& directories) {
  std::vector<std::string> looked;
  for (const std::filesystem::path& directory : directories) {
    const std::filesystem::path file = directory / row.file;
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return open_file<Module>(row, file);
    looked.push_back(directory.string());
  }
  refuse(row, row.file, fmt::format("not found in {}", fmt::join(looked, ", ")));
}

}  // namespace

Directories module_directories() {
  Directories directories;
  if (const char* const chosen = std::getenv("ENXERTO_ENGINE_DIR"); chosen != nullptr && *chosen != '\0')
    directories.emplace_back(chosen);
  if (const std::filesystem::path own = own_directory(); !own.empty()) {
    directories.push_back(own);
    directories.push_back(own.parent_path() / "lib");
  }
  directories.emplace_back(ENXERTO_INSTALLED_LIBDIR);
  return directories;
}

const EngineModule& open_engine_module(const Directories& directories) {
  return open_in<EngineModule>(kForward, directories);
}

const TrainingModule& open_training_module(const Directories& directories) {
  return open_in<TrainingModule>(kTraining, directories);
}

const EngineModule& engine_module() {
  static const EngineModule& module = open_engine_module(module_directories());
  return module;
}

const TrainingModule& training_module() {
  static const TrainingModule& module = open_training_module(module_directories());
  return module;
}

}  // namespace enxerto

#include "enxerto/base/module_file.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "enxerto/base/error.h"
#include "enxerto/base/memory_message.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(const ModuleFile& module, const std::filesystem::path& file, std::string found) {
  throw Error(ErrorKind::other,
              {.where = file.string(), .found = std::move(found), .expected = module.what, .tip = module.tip});
}

const void* open_file(const ModuleFile& module, const std::filesystem::path& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const reason = dlerror();
    if (reason != nullptr && says_memory_is_short(reason))
      throw Error(ErrorKind::memory, {.where = file.string(),
                                      .found = fmt::format("cannot be loaded, memory is short ({})", reason),
                                      .expected = "enough memory and address space",
                                      .tip = "end other programs, or raise the limits of this one: see `ulimit -v`"});
    refuse(module, file, fmt::format("cannot be loaded ({})", reason == nullptr ? "no reason given" : reason));
  }
  const auto entry = reinterpret_cast<const void* (*)(int)>(dlsym(library, module.entry));
  const void* const opened = entry == nullptr ? nullptr : entry(module.version);
  if (opened == nullptr) refuse(module, file, "belongs to another version of Enxerto");
  return opened;
}

}  // namespace

std::filesystem::path own_directory() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&module_directories), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::canonical(info.dli_fname, ignored);
  if (!file.empty()) return file.parent_path();
  // A program that was started by its bare name is known to the loader by that name only.
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

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

const void* open_module(const ModuleFile& module, const std::vector<std::filesystem::path>& directories) {
  std::vector<std::string> looked;
  for (const std::filesystem::path& directory : directories) {
    const std::filesystem::path file = directory / module.file;
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return open_file(module, file);
    looked.push_back(directory.string());
  }
  refuse(module, module.file, fmt::format("not found in {}", fmt::join(looked, ", ")));
}

}  // namespace enxerto

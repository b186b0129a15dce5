#pragma once
#include <filesystem>
#include <vector>

namespace enxerto {

/// A library that is opened on first use, so that programs that do not need it never load it.
struct ModuleFile {
  const char* file;   ///< "libenxerto_openvino.so"
  const char* entry;  ///< its one exported symbol, `extern "C" const Module* (*)(int version)`
  int version;        ///< of the interface behind that symbol
  const char* what;   ///< "the forward engine", as errors name it
  const char* tip;    ///< how it is installed
};

/// The directory of the library or program that holds this code; empty where it cannot be known.
std::filesystem::path own_directory();

/// Where modules are looked for, in this order: $ENXERTO_ENGINE_DIR, the directory of the library or program that holds
/// this code, `../lib` from there, and the directory of installation.
std::vector<std::filesystem::path> module_directories();

/// What the entry of the module gives, opened in the first of `directories` that has it. It stays open until the
/// program ends: tensors that it made may outlive everything else. Throws Error{other} where no directory has it, it
/// cannot be loaded, or it belongs to another version of Enxerto, saying what to install.
const void* open_module(const ModuleFile& module, const std::vector<std::filesystem::path>& directories);

}  // namespace enxerto

#include "enxerto/media/text/load_text_module.h"

#include "enxerto/base/module_file.h"

namespace enxerto {
namespace {

constexpr ModuleFile kText{"libenxerto_text.so", kTextModuleEntryName, kTextModuleVersion, "the tokenizers of texts",
                           "run tools/setup, which installs cargo where there is none, then configure again and build "
                           "the target enxerto_text; "
                           "or set ENXERTO_ENGINE_DIR to the directory of libenxerto_text.so"};

}  // namespace

const EnxertoTextFunctions& open_text_module(const std::vector<std::filesystem::path>& directories) {
  return *static_cast<const EnxertoTextFunctions*>(open_module(kText, directories));
}

const EnxertoTextFunctions& text_module() {
  static const EnxertoTextFunctions& module = open_text_module(module_directories());
  return module;
}

}  // namespace enxerto

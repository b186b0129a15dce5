#include "enxerto/base/system_library.h"

#include <dlfcn.h>

namespace enxerto {

SystemLibrary::SystemLibrary(std::initializer_list<const char*> names, Refuse refuse) : refuse_(refuse) {
  for (const char* name : names) {
    library_ = dlopen(name, RTLD_LAZY | RTLD_LOCAL);
    if (library_ != nullptr) return;
  }
  const char* const why = dlerror();
  refuse_(why == nullptr ? "it cannot be opened" : why);
}

void* SystemLibrary::symbol(const char* name) const {
  void* const found = dlsym(library_, name);
  if (found == nullptr) refuse_(std::string("it has no ") + name);
  return found;
}

}  // namespace enxerto

#pragma once
#include <initializer_list>
#include <string>

namespace enxerto {

/// A library of the system that is opened on first use, so that programs which do not need it never wait for it and
/// what it brings. It stays open until the program ends.
class SystemLibrary {
 public:
  /// Throws the error that tells what is not as it should be, and what to install.
  using Refuse = void (*)(const std::string& found);

  /// Opens the first of `names` ("libcurl.so.4") that the machine has; calls `refuse` where it has none.
  SystemLibrary(std::initializer_list<const char*> names, Refuse refuse);

  /// Sets `function` to that of this name; calls `refuse` where the library has none.
  template <typename Function>
  void find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;

  void* library_ = nullptr;
  Refuse refuse_;
};

}  // namespace enxerto

#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto::testing {

/// A temporary directory that is removed at the end.
class Workplace {
 public:
  Workplace() {
    std::string name = (std::filesystem::temp_directory_path() / "enxerto-data-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Workplace() { std::filesystem::remove_all(path_); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Writes a file and the folders above it.
  std::filesystem::path write(const std::string& name, std::string_view text = "x") const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  std::filesystem::path path_;
};

/// Remembers the notices.
class Listener : public Progress {
 public:
  void notice(std::string_view text) override { notices.emplace_back(text); }
  bool heard(std::string_view text) const {
    for (const std::string& notice : notices) {
      if (notice.find(text) != std::string::npos) return true;
    }
    return false;
  }
  std::vector<std::string> notices;
};

}  // namespace enxerto::testing

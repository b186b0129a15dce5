#pragma once
#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace enxerto::cli {

/// A folder of files, one an example: each is called like the example's own file, with a number behind where two would
/// be called the same.
class ExampleFiles {
 public:
  /// Makes the folder. Throws Error{disk}, also for one that is not empty.
  explicit ExampleFiles(std::filesystem::path folder);

  /// `ending` is ".jpg". Throws Error{disk}.
  void write(const std::string& example, std::string_view ending, std::span<const std::byte> bytes);

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::set<std::string> names_;
};

}  // namespace enxerto::cli

#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// Finds the files that a table lists, as people write them.
class ListedFiles {
 public:
  /// Names are relative to `root`; an empty one is the folder that the program runs in.
  explicit ListedFiles(std::string root) : root_(std::move(root)) {}

  const std::string& root() const { return root_; }

  /// The file's path below the root (or from / on). A name that is no file is read without file://, spaces around, with
  /// / for \, in another case of letters or form of accents (of folders too), and with the extension of a medium behind
  /// it, where one file fits.
  std::optional<std::string> find(std::string_view written);

  /// The first name that more than one file fits, which `find` did not know for that; "": none.
  const std::string& ambiguous() const { return ambiguous_; }

  /// The folder below the root, some levels deep, in which `find` knows the name; nullopt where there is none.
  std::optional<std::string> folder_with(std::string_view name);

 private:
  using Index = std::multimap<std::string, std::string, std::less<>>;  ///< what is alike, with and without extension

  std::string path_of(const std::string& name) const;
  /// The folder that is called so, in another case or form of accents where there is one such; else as written.
  const std::string& folder_called(const std::string& written);
  const Index& index_of(const std::string& folder);

  std::string root_, ambiguous_;
  std::map<std::string, Index> folders_;
  std::map<std::string, std::string> called_;  ///< folders by how they are written
};

}  // namespace enxerto

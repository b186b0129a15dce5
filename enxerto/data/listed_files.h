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
  /// it, where one file fits; one on another machine ("/home/ana/a/1.jpg", "C:\\a\\1.jpg") by as many of its folders as
  /// there are, and where the root has folders alone, a name without any in those below it, where one file fits.
  std::optional<std::string> find(std::string_view written);

  /// A file in the folder of a name that is none, which may be meant: with another ending, or zeros in front of its
  /// number, which spreadsheets take away.
  std::optional<std::string> near(std::string_view written);

  /// Whether a name begins at the root of a file system: "/home/ana/1.jpg", "C:\\fotos\\1.jpg".
  static bool is_from_root(std::string_view name);

  /// Two names of another machine that would be one file here; "" of none.
  const std::string& collision() const { return collision_; }

  /// The first name that more than one file fits, which `find` did not know for that; "": none.
  const std::string& ambiguous() const { return ambiguous_; }

  /// The folder below the root, some levels deep, in which `find` knows the name; nullopt where there is none.
  std::optional<std::string> folder_with(std::string_view name);

 private:
  using Index = std::multimap<std::string, std::string, std::less<>>;  ///< what is alike, with and without extension

  std::string path_of(const std::string& name) const;
  std::optional<std::string> alike(const std::string& name);  ///< in case, accents and extension
  std::optional<std::string> of_another_machine(const std::string& name);
  std::optional<std::string> below(const std::string& name);
  const std::vector<std::string>& folders_below();
  /// The folder that is called so, in another case or form of accents where there is one such; else as written.
  const std::string& folder_called(const std::string& written);
  const Index& index_of(const std::string& folder);

  std::string root_, ambiguous_, collision_;
  std::map<std::string, Index> folders_;
  std::map<std::string, std::string> called_;  ///< folders by how they are written
  std::optional<std::vector<std::string>> below_;
  std::map<std::string, std::string>
      of_others_;  ///< files by the first name of another machine that they were found by
};

}  // namespace enxerto

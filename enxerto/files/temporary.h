#pragma once
#include <filesystem>
#include <functional>

namespace enxerto {

/// Something unfinished next to its target, under a hidden, unique, short name in the same directory. It is locked
/// (flock) as long as its maker lives: what a killed program has left is told apart by that, whatever machine or
/// container gave the program its number.
class Temporary {
 public:
  /// Removes what dead programs have left in the directory of `target`, and makes a new one: `make` is given its name,
  /// and returns 0 or the number of the error. Throws Error{disk} naming `target`.
  Temporary(const std::filesystem::path& target, const std::function<int(const std::filesystem::path&)>& make);
  ~Temporary();
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

/// A name for something unfinished in the directory of `target`; nothing is made.
std::filesystem::path temporary_name_next_to(const std::filesystem::path& target);

/// Removes the unfinished files and folders in `directory` whose makers are dead.
void remove_abandoned(const std::filesystem::path& directory);

}  // namespace enxerto

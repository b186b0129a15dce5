#pragma once
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace enxerto::test {

/// A directory of its own that is removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Outcome {
  int code = 0;  ///< exit code, or 128 + signal
  std::string out, err;
};

struct Launch {
  std::string input = {};                ///< on standard input
  long file_limit_bytes = -1;            ///< RLIMIT_FSIZE: a full disk
  bool reader_gone = false;              ///< nobody reads standard output
  int stop_signal = 0;                   ///< sent once `stop_when` exists and has grown
  std::filesystem::path stop_when = {};  ///< a folder: the signal is sent once it holds a file of at least `stop_bytes`
  std::uintmax_t stop_bytes = 1;
  std::filesystem::path empty_then = {};  ///< a file that another program empties at that moment
};

/// Runs the built `enxerto` with `arguments`; its cache is `$folder/cache`.
Outcome run(const Folder& folder, const std::vector<std::string>& arguments, const Launch& launch = {});

/// A 24-bit BMP of `width` x `height` of one colour with a few lines that depend on `seed`, so that no two are equal.
void write_picture(const std::filesystem::path& path, int red, int green, int blue, unsigned seed, int width = 24,
                   int height = 24);

/// `root`/<class>/<n>.bmp: reddish, greenish, bluish .. pictures, `per_class` of each of `classes` classes ("a", "b",
/// ..).
void write_class_folders(const std::filesystem::path& root, int classes, int per_class, unsigned seed = 0);

/// The whole of a file.
std::string contents(const std::filesystem::path& path);
void write(const std::filesystem::path& path, const std::string& text);

/// Changes one bit in the middle of a file.
void flip_a_bit(const std::filesystem::path& path);

}  // namespace enxerto::test

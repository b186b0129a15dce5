#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

inline constexpr std::string_view kLandmarksFile = "landmarks.csv";

/// Points of a face for each picture of a table: the columns file (the path below the table's folder) and x1, y1 .. x5,
/// y5, in px of the upright picture: the eye on the left of the picture, the other, the nose, the corners of the mouth;
/// or the 68 of iBUG 300-W, x1, y1 .. x68, y68, beside which the columns width and height may say how large the box was
/// that they were found in. Other columns are not looked at. A row whose cells are empty says that
/// there is no face. (5, 2), (68, 2) or (69, 2) of float64 each. Throws Error{data} naming file:line for a column that
/// is missing, a cell that is no number, and a file that is named twice.
std::map<std::string, Tensor, std::less<>> read_landmarks(const std::filesystem::path& path);

/// A picture of such a table, the path below its folder, and what else is told of it.
struct LandmarkRow {
  std::string file;
  std::size_t faces = 0;
  double score = 0;
  Tensor points = {};  ///< (69, 2) of float64; empty where there is no face
};

/// The table as `read_landmarks` reads it, with 68 points, the size of the box, and the columns faces and score.
std::string landmarks_table(const std::vector<LandmarkRow>& rows);

/// How far above a picture its table may lie.
inline constexpr int kLandmarksFoldersUp = 3;

/// The tables `landmarks.csv` that lie in the folders of files, or above them, as far as three folders up; each is read
/// once. Safe from many threads.
class LandmarkFiles {
 public:
  /// Of the picture at that path, by the nearest table; nothing where there is no table, or no face in it. Throws as
  /// `read_landmarks`.
  Tensor of(const std::string& path);

 private:
  struct Table {
    std::string folder;
    std::map<std::string, Tensor, std::less<>> points;
  };
  std::shared_ptr<const Table> table_for(const std::filesystem::path& folder);

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Table>> tables_;  // by the folder of files; null: there is none
};

}  // namespace enxerto

#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

class LandmarkFiles;  // data/landmarks.h

/// The id of a file in a list with this root: its path below it, or all of its path where it lies elsewhere.
std::string path_below(const std::string& root, const std::filesystem::path& path);

/// The same of paths that may be written from different folders.
std::string absolute_path_below(const std::string& root, const std::filesystem::path& path);

/// Paths of a million labelled files in a few bytes each: folders once, names in one string.
class FileList {
 public:
  /// Ids are the paths below `root`; an empty root leaves them as they are.
  explicit FileList(std::string root, Medium medium = Medium::image);

  Medium medium() const { return medium_; }
  void set_medium(Medium medium) { medium_ = medium; }

  /// Folder `path` below the root ("" for the root itself); its number is what `add` takes.
  std::uint32_t add_folder(std::string path);
  void add(std::uint32_t folder, std::string_view name, std::int64_t label);

  /// An unlabelled file by its whole path below the root.
  void add_path(const std::filesystem::path& path) {
    add(add_folder(path.parent_path().string()), path.filename().string(), -1);
  }

  std::size_t size() const { return entries_.size(); }
  std::int64_t label(std::size_t i) const { return entries_[i].label; }
  std::string id(std::size_t i) const;
  std::string path(std::size_t i) const;  ///< an id that begins with / is its own path
  std::unique_ptr<Example> example(std::size_t i) const;

  /// Replaces every label l by `labels[l]`.
  void relabel(const std::vector<std::int64_t>& labels);

  /// Gives every file its label. Their number is that of the files.
  void set_labels(const std::vector<std::uint32_t>& labels);
  void shrink();

 private:
  struct Entry {
    std::uint64_t name;  ///< where it begins in names_
    std::uint32_t folder;
    std::int32_t label;
  };
  std::string_view name(std::size_t i) const;

  std::string root_, names_;
  Medium medium_;
  std::vector<std::string> folders_;
  std::vector<Entry> entries_;
  std::shared_ptr<LandmarkFiles> landmarks_;  // that lie beside the files
};

/// The files as a Dataset whose target is each file's label, or nothing; nothing is read before an example's field is
/// asked for.
DatasetPtr file_dataset(FileList files, TargetSpec target);

}  // namespace enxerto

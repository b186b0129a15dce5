#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/data/classes_in_names.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// The folder of data that was probably meant by one that is too high or too low.
struct FolderMeant {
  std::string path;                           ///< "" where none is found
  std::string holds;                          ///< "Cat and Dog", "train and val", "IDX files"
  bool loose = false;                         ///< examples lie in the folder itself
  std::vector<ClassesInNames> in_names = {};  ///< of those

  std::string tip() const;  ///< what to try: "give above/PetImages, which holds Cat and Dog"
};

/// Looks a few folders deep below `folder`, then, where examples lie in it, at the folders beside it.
FolderMeant folder_meant(const std::filesystem::path& folder);

/// Its tip where `path` is a folder and one was found; else "".
std::string meant_tip(const std::filesystem::path& path);

/// Throws Error{data} naming the folder that was meant where the examples of `train`, which is at `path`, are of one
/// class only.
void require_classes(const Dataset& train, const std::filesystem::path& path);

}  // namespace enxerto

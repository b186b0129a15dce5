#pragma once
#include <string>
#include <vector>

#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/part_names.h"

namespace enxerto {

/// A folder with the examples of one class, at any depth below it.
struct ClassFolder {
  std::string name;    ///< of the class
  std::string folder;  ///< below the root: "cat", "train/cat", or "cat/train"
};

/// The class folders of one part.
struct PartFolders {
  Part part = Part::train;
  std::string shown;  ///< "Training/" as it is called, or "*/train/" where the classes stand above the parts
  std::vector<ClassFolder> classes;
};

/// How class folders lie below a root: `parts` where their publisher has split them, the one to train on first, else
/// `all`. Each list in byte order.
struct ClassLayout {
  std::vector<ClassFolder> all;
  std::vector<PartFolders> parts;
  std::vector<std::string> alike;    ///< without parts: folders that all hold the same two or more folders
  std::vector<std::string> held;     ///< those
  std::vector<std::string> divided;  ///< without parts: classes that hold parts, where others do not
};

/// Top folders are parts where `part_named` knows one to train on that holds folders, and either all folders beside it
/// are parts or one of them is and holds folders too; where all hold the same folders, `part_mentioned` will do. Every
/// class holds its own parts where all their folders are
/// called so and one class has two. What is passed over goes to `ignored`. Throws Error{data} for two folders of one
/// part, for parts without class folders, and where a folder cannot be read.
ClassLayout class_layout(const std::string& root, IgnoredEntries& ignored);

}  // namespace enxerto

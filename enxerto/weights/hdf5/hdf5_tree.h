#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// A data set of numbers.
struct Hdf5Tensor {
  std::string name;
  Tensor tensor;
};

/// A group of an HDF5 file and all that is below it. Groups, tensors and others are in ascending order of their names,
/// which differ.
struct Hdf5Group {
  std::string name;                                                         ///< empty for the root
  std::map<std::string, std::vector<std::string>, std::less<>> attributes;  ///< those that are strings
  std::vector<Hdf5Group> groups;
  std::vector<Hdf5Tensor> tensors;
  std::vector<std::string> others;  ///< data sets without numbers, e.g. texts

  /// The group at a path of names between slashes, below this one; nullptr where there is none.
  const Hdf5Group* group(std::string_view path) const;

  /// The tensor at a path; nullptr where there is none.
  const Tensor* tensor(std::string_view path) const;

  /// The first text of an attribute; empty where there is none.
  std::string_view text(std::string_view attribute) const;
};

}  // namespace enxerto

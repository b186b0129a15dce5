#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/media/field.h"

namespace enxerto {

struct FileIdentity;  // files/read.h

/// One example, lazy: nothing is read before a field is asked for.
class Example {
 public:
  virtual ~Example() = default;

  virtual std::string id() const = 0;  ///< the path below the data set's root, or "train-images:17"

  /// Input number `input` of `DatasetInfo::inputs` as it is stored. Throws Error{data}.
  virtual Field field(std::size_t input) const = 0;

  /// Set where the field is a file of its own that is there, by which its content is known again.
  virtual std::optional<FileIdentity> file(std::size_t input) const = 0;

  /// Name of what it belongs to, which no split may divide (a patient, a scene); "" where it stands alone.
  virtual std::string group() const { return {}; }

  virtual bool in_memory() const { return false; }  ///< reading the fields costs nothing
};

/// What the examples of a data set are answered with.
struct TargetSpec {
  std::string kind = {};                ///< a row of `target_kinds()` (target_kind.h); "" where nothing is said
  std::vector<std::string> names = {};  ///< of the classes, the labels, or the columns of numbers
  bool operator==(const TargetSpec&) const = default;
};

/// What the examples of a data set are, and what they are answered with.
struct DatasetInfo {
  std::vector<Medium> inputs = {};  ///< one a field: {image}; two texts for pairs of sentences
  TargetSpec target = {};
  bool in_order = false;  ///< they go on from one another: what a split holds out are the last ones
  bool operator==(const DatasetInfo&) const = default;
};

/// Examples by position. Cheap to hold for a million of them; safe to read from many threads.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual std::size_t size() const = 0;
  virtual std::unique_ptr<Example> get(std::size_t position) const = 0;
  virtual const DatasetInfo& info() const = 0;

  /// As `info().target.kind` says; empty where the example is unlabelled. Throws Error{data} where it must be read and
  /// cannot be.
  virtual Tensor target(std::size_t position) const = 0;
};
using DatasetPtr = std::shared_ptr<const Dataset>;

/// The examples at `positions`, in that order.
DatasetPtr subset(DatasetPtr dataset, std::vector<std::size_t> positions);

/// The first `per_class` examples of each class, in order ("first 500 files a class by name"). Throws Error{usage}
/// where examples have not one class each.
DatasetPtr first_per_class(DatasetPtr dataset, std::size_t per_class);

/// The first `count` examples.
DatasetPtr take(DatasetPtr dataset, std::size_t count);

/// The stratum of an example in a split, its class; -1 where it has none.
std::int64_t stratum_of(const Dataset& dataset, std::size_t position);

}  // namespace enxerto

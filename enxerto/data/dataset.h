#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// One labelled picture, lazy: nothing is read before `bytes()`.
class Example {
 public:
  virtual ~Example() = default;

  virtual std::string id() const = 0;      ///< the path below the data set's root, or "train-images:17"
  virtual std::int64_t label() const = 0;  ///< index into `Dataset::classes()`; -1 where unlabelled
  virtual Tensor bytes() const = 0;        ///< (n) of uint8: the file as it is, or the raw samples. Throws Error{data}
  virtual std::optional<RawPixels> raw() const = 0;      ///< set where `bytes` are raw samples, not an encoded file
  virtual std::optional<FileIdentity> file() const = 0;  ///< set where the example is a file of its own
};

/// Examples by position. Cheap to hold for a million pictures; safe to read from many threads.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual std::size_t size() const = 0;
  virtual std::unique_ptr<Example> get(std::size_t position) const = 0;
  virtual std::int64_t label(std::size_t position) const = 0;   ///< -1 where it is not of the kind `classes`
  virtual const std::vector<std::string>& classes() const = 0;  ///< names of the classes, the labels or the values

  virtual TargetKind target_kind() const { return TargetKind::classes; }

  /// One a name of `classes()`: 0 or 1 (multi_label), or the number itself (values). Empty for the kind `classes`.
  virtual std::vector<float> targets(std::size_t /*position*/) const { return {}; }
};
using DatasetPtr = std::shared_ptr<const Dataset>;

/// The examples at `positions`, in that order.
DatasetPtr subset(DatasetPtr dataset, std::vector<std::size_t> positions);

/// The first `per_class` examples of each class, in order ("first 500 files a class by name"). Throws Error{usage}
/// where examples have several labels or values.
DatasetPtr first_per_class(DatasetPtr dataset, std::size_t per_class);

/// The first `count` examples.
DatasetPtr take(DatasetPtr dataset, std::size_t count);

/// Decodes an example; throws Error{data} naming it.
Image decode(const Example& example, const Tensor& bytes, const DecodeOptions& options);

}  // namespace enxerto

#pragma once
#include <cstdint>
#include <span>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"
#include "enxerto/features/batches.h"
#include "enxerto/features/extract.h"

namespace enxerto {

struct LivePicturesOptions {
  ImagePreprocess preprocess = {};
  Augmentation augmentation = {};  ///< mixup and cutmix are not looked at
  std::uint64_t seed = 0;
  int threads = 0;    ///< 0: `usable_cores()`
  Graph prefix = {};  ///< run on the pictures instead of a cache; without nodes: the pictures themselves
  Precision precision = Precision::fp32;  ///< of the prefix
};

/// Batches of pictures as they are asked for: decoded, augmented and preprocessed on all threads, and run through the
/// frozen part of a network where there is one. Nothing is kept, so each epoch sees pictures of its own.
class LivePictures {
 public:
  /// `dataset` must live as long. Throws Error{usage} for an augmentation out of its range, Error{weights} for a prefix
  /// that has not one input of pictures and one output of a fixed size.
  LivePictures(const Dataset& dataset, const LivePicturesOptions& options);
  LivePictures(const LivePictures&) = delete;
  LivePictures& operator=(const LivePictures&) = delete;

  /// (positions, 3, size, size), or the prefix's output, of float32 in the order of `positions`. `augmented`: each
  /// picture changed by RandomKey{seed, epoch, `low` of its content hash}, the same whatever the number of threads, the
  /// batch and the other pictures, and equal to `FeatureSource::view` of that number. For one caller at a time. Throws
  /// Error{data} naming a picture that cannot be decoded.
  Tensor get(std::span<const std::size_t> positions, std::uint64_t epoch, bool augmented);

  /// Of one picture's part of `get`.
  const Shape& row_shape() const { return prefix_.row_shape(); }

 private:
  struct Request;
  void write_picture(std::size_t position, const Request& request, std::span<float> out) const;
  void write_pictures(const Request& request, std::size_t begin, std::size_t count) const;
  void write_features(const Request& request, std::size_t begin, std::size_t count);

  const Dataset& dataset_;
  FeatureSource source_;
  int threads_;
  BatchPrefix prefix_;
};

}  // namespace enxerto

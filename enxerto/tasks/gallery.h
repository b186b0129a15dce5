#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// What is said of a stranger.
inline constexpr std::string_view kNobodyKnown = "unknown";

/// Throws Error{usage} for an identity that is called as a stranger is, or looks so.
void refuse_names_of_nobody(std::span<const std::string> names);

/// Who is known: of each identity the mean of the vectors, of length 1, of some of its examples. No example is kept.
struct Gallery {
  std::vector<std::string> names = {};
  std::vector<std::size_t> examples = {};  ///< that each mean is of
  std::int64_t width = 0;
  std::vector<float> means = {};  ///< (names, width)

  /// (names, width), each mean scaled to length 1; zeros for one of no examples.
  Tensor templates() const;

  /// Puts vectors of `width` numbers to an identity, which is new or there. Throws Error{data} where they are none or
  /// of another width, Error{usage} for a name that is empty or has line ends, or is that of nobody.
  void add(const std::string& name, std::span<const float> vectors);

  /// Throws Error{usage}, naming the nearest, where nobody is called so, and for the last one.
  void remove(const std::string& name);
};

/// The members "names" and "gallery" of a task's record, for `gallery_from_record`.
void put_gallery(const Gallery& gallery, Json& record);

/// Throws Error{weights} naming `where`.
Gallery gallery_from_record(const Json& record, std::string_view where);

}  // namespace enxerto

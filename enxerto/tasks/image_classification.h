#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// What the task is: pictures (batch, 3, size, size) in, one class of several out. The whole network ends in a head
/// whose output is named here.
namespace image_classification {

inline constexpr std::string_view kTask = "image_classification";
inline constexpr std::string_view kHead = "head";             ///< stage that is grown on the user's data
inline constexpr std::string_view kOutput = "probabilities";  ///< (batch, classes), rows sum to 1

/// The `k` most probable classes, best first; of equal ones the lower index first, those that are not a number last.
/// Throws Error{data} where probabilities and labels differ in number.
std::vector<Prediction> top_k(std::span<const float> probabilities, std::span<const std::string> labels, std::size_t k);

}  // namespace image_classification
}  // namespace enxerto

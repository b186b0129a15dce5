#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// One thing that a network says of an example; what it has nothing to say of is not set.
struct Prediction {
  std::string label = {};                                ///< of the class, the label or the column
  std::optional<std::int64_t> index = {};                ///< its number
  std::optional<double> score = {};                      ///< how sure the network is, between 0 and 1
  std::optional<double> value = {};                      ///< a number, in the unit of its column
  std::optional<std::array<std::size_t, 2>> place = {};  ///< characters of a text: its first, and behind its last
  std::optional<std::array<double, 4>> box = {};         ///< left, top, right and bottom in the upright picture, px
  Tensor map = {};  ///< (height, width) of uint8: the class's number at each pixel, 255: none; one for an example
};

struct WordSearch;  // tasks/word_search.h

/// How an output is read.
struct ReadingOptions {
  std::size_t top_k = 1;                 ///< so many of the most probable classes
  std::optional<double> threshold = {};  ///< labels, objects: at least so probable; none: 0.5, or the model's own
  double no_answer = 0;  ///< none is given where its score is by more than this above that of the best answer
  std::size_t longest_answer = 30;               ///< tokens
  std::size_t beams = 1;                         ///< of a search for the most probable sequence
  std::shared_ptr<const WordSearch> words = {};  ///< what its words are weighed by
};

}  // namespace enxerto

#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/tasks/label_tree.h"

namespace enxerto {

/// The labels that probabilities (frames, width) of one example say, where label 0 is the blank: the most probable of
/// each frame, those that follow one another taken together, without blanks.
std::vector<std::int64_t> greedy_labels(std::span<const float> probabilities, std::size_t width);

/// How labels are searched for by prefix beam search (Graves 2006; Hannun et al. 2014).
struct CtcSearch {
  std::size_t beams = 100;  ///< that are kept after each frame
  double least_label = -5;  ///< logarithm of the least probability of a label in a frame that is followed
  double least_beam = -10;  ///< logarithm of the least share of the best beam's probability that a beam is kept by
  std::int64_t space = -1;  ///< the label between words, of which several stand for one; -1: none
  CtcWords words = {};
};

struct CtcBeam {
  std::vector<std::int64_t> labels;
  double logarithm = 0;  ///< of the probability of all alignments that were followed
  double weighed = 0;    ///< with the weight of the words: what the search goes by
};

/// The best labels first, as pyctcdecode 0.5 finds them: probabilities of alignments
/// of the same labels are added up, those that end in a blank apart from those that do not. A space at the end is none,
/// so that it costs no unknown word as it does there. At least one.
std::vector<CtcBeam> beam_labels(std::span<const float> probabilities, std::size_t width, const CtcSearch& search = {});

}  // namespace enxerto

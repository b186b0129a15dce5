#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// What texts that are held out have in common with those that are learned from, word for word.
struct TextOverlap {
  std::string_view side = {};         ///< "sources" or "targets" of translations
  std::size_t lines = 0, shared = 0;  ///< of five words and more that are held out; that are learned from too
  std::size_t run_words = 0;          ///< of the longest run of words, eight at least, that stands in both
  std::string run = {};               ///< that run
  std::size_t words_learned = 0, looked_at = 0;  ///< of the texts that are learned from
};

/// One for each field of data whose texts are learned word by word (texts without answers, translations); none of
/// others. `learned` and `held_out` are positions. Of more than four million words the first are looked at.
std::vector<TextOverlap> text_overlaps(const Dataset& dataset, std::span<const std::size_t> learned,
                                       std::span<const std::size_t> held_out);

/// "test lines of five words and more that stand in the training part too: 12 of 1,014; ..", without any of the texts;
/// "" of none.
std::string overlap_text(std::span<const TextOverlap> overlaps, std::string_view part);

/// The longest runs themselves, to be shown, and kept in no record that leaves with a model; "" where there is none.
std::string longest_runs_text(std::span<const TextOverlap> overlaps);

/// More of it than chance and set phrases explain, so that figures of the held-out part are too good.
bool is_suspicious(std::span<const TextOverlap> overlaps);

}  // namespace enxerto

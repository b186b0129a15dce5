#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/tasks/word_search.h"

namespace enxerto {

/// How the words that labels make are weighed. A word that the model does not know, or that cannot become one which it
/// knows, costs ten more (in logarithms to base 10 where the word is complete), as in pyctcdecode 0.5.
struct CtcWords {
  WordSearch search = {};                   ///< without a model words are not weighed
  std::span<const std::string> texts = {};  ///< of the labels from 1 on
};

/// Labels from the beginning on, each sequence once, with the weight of their words. Spaces behind one another, and
/// before the first word, are none.
class LabelTree {
 public:
  /// `space`: the label between words; -1: none.
  LabelTree(std::int64_t space, CtcWords words);

  /// The labels of `node` with one more behind them; node 0 has none.
  std::size_t with(std::size_t node, std::int64_t label);

  /// Without a space at its end.
  std::size_t trimmed(std::size_t node) const;

  std::vector<std::int64_t> labels(std::size_t node) const;

  /// The weight of the complete words, and of the one that has begun as far as it is known.
  double weight(std::size_t node) const { return nodes_[node].words + nodes_[node].begun; }

  /// The weight of all words at the end of a sentence.
  double weight_at_end(std::size_t node) const;

 private:
  struct Node {
    std::size_t before = 0;
    std::int64_t label = -1;
    std::string word = {};          // that has begun
    NgramModel::State behind = {};  // complete words
    double words = 0, begun = 0;
  };

  void complete_word(Node& node) const;
  double weight_of_beginning(const std::string& word) const;

  std::int64_t space_;
  CtcWords words_;
  std::vector<Node> nodes_;
  std::map<std::pair<std::size_t, std::int64_t>, std::size_t> children_;
};

}  // namespace enxerto

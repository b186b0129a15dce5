#include "enxerto/tasks/label_tree.h"

#include <algorithm>
#include <numbers>
#include <utility>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

constexpr double kUnknownWord = -10;
constexpr int kUsualWord = 6;  // characters of a word; an unknown one that is longer costs more

}  // namespace

LabelTree::LabelTree(std::int64_t space, CtcWords words) : space_(space), words_(std::move(words)), nodes_(1) {
  if (words_.search.model != nullptr) nodes_[0].behind = words_.search.model->beginning();
}

std::size_t LabelTree::with(std::size_t node, std::int64_t label) {
  if (label == space_ && (node == 0 || nodes_[node].label == space_)) return node;
  const auto [found, is_new] = children_.try_emplace({node, label}, nodes_.size());
  if (!is_new) return found->second;
  Node next{.before = node, .label = label};
  if (words_.search.model != nullptr) {
    next.word = nodes_[node].word;
    next.behind = nodes_[node].behind;
    next.words = nodes_[node].words;
    if (label == space_) {
      complete_word(next);
    } else {
      next.word += words_.texts[to_size(label) - 1];
      next.begun = weight_of_beginning(next.word);
    }
  }
  nodes_.push_back(std::move(next));
  return found->second;
}

std::size_t LabelTree::trimmed(std::size_t node) const {
  return node != 0 && space_ >= 0 && nodes_[node].label == space_ ? nodes_[node].before : node;
}

std::vector<std::int64_t> LabelTree::labels(std::size_t node) const {
  std::vector<std::int64_t> all;
  for (; node != 0; node = nodes_[node].before) all.push_back(nodes_[node].label);
  std::ranges::reverse(all);
  return all;
}

double LabelTree::weight_at_end(std::size_t node) const {
  if (words_.search.model == nullptr) return 0;
  Node end = nodes_[node];
  if (!end.word.empty()) complete_word(end);
  return end.words + words_.search.weight * std::numbers::ln10 * words_.search.model->end_score(end.behind);
}

void LabelTree::complete_word(Node& node) const {
  double logarithm = words_.search.model->score(node.behind, node.word, node.behind);
  if (!words_.search.model->knows(node.word)) logarithm += kUnknownWord;
  node.words += words_.search.weight * std::numbers::ln10 * logarithm + words_.search.bonus;
  node.word.clear();
  node.begun = 0;
}

double LabelTree::weight_of_beginning(const std::string& word) const {
  if (words_.search.model->begins_a_word(word)) return 0;
  const auto length = std::ranges::count_if(word, [](char c) { return (c & 0xC0) != 0x80; });  // characters of UTF-8
  return length > kUsualWord ? kUnknownWord * static_cast<double>(length) / kUsualWord : kUnknownWord;
}

}  // namespace enxerto

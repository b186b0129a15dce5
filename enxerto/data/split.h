#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/data/label_sets.h"

namespace enxerto {

struct SplitOptions {
  double held_out = 0.2;  ///< share that is held out, at least 0 and below 1; 0 keeps everything
  std::uint64_t seed = 0;
  bool last = false;  ///< what is held out are the last examples (`DatasetInfo::in_order`), not drawn ones
};

/// What a split is told of examples.
struct SplitExamples {
  std::vector<Hash128> contents = {};
  LabelSets labels = {};  ///< the class of each, or several labels; of unlabelled examples and of numbers nothing
  std::vector<std::string> groups = {};  ///< names of what stays together; "": stands alone. Empty: there are none
};

struct Split {
  std::vector<std::size_t> kept, held_out;  ///< positions, ascending
};

/// Holds out an exact share, by content: of the n distinct contents of each class those ⌈share · n⌉ that have the
/// lowest hash of (seed, content). Names and order do not matter, equal contents are on one side, and a content that is
/// added moves at most one other of its class. Each class with at least two distinct contents has one on each side; a
/// class with one is kept. A content of several classes counts for the lowest of them; examples without a label count
/// as a class.
///
/// Where examples have several labels or belong to groups no such rule exists, and the split is iterative
/// (`iterative_split`): still decided by the contents alone, shares as near as labels that come together and groups
/// allow, and what is added may move others. Examples of a group are on one side.
///
/// Throws Error{usage} for a share out of range, Error{data} where nothing can be held out or the sizes differ.
Split split_examples(const SplitExamples& examples, const SplitOptions& options);

}  // namespace enxerto

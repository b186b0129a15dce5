#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// Names of the kinds that tables tell apart.
inline constexpr std::string_view kClassTarget = "classes", kMultiLabelTarget = "multi_label",
                                  kRegressionTarget = "regression", kSpanTarget = "spans";

/// The kind of texts that are learned from without answers: `in_pieces` has its tensors. The names are of what
/// a network says of a text: the sum of -log p of its tokens, and how many they are.
inline constexpr std::string_view kTextTarget = "text";
TargetSpec text_target();

/// The kind of texts of which each has another one that is written for it, the second field: float32 (3), of which the
/// first is that text's bytes. The names are those of `text_target`.
inline constexpr std::string_view kTranslationTarget = "translations";
TargetSpec translation_target();

/// A kind of target: what the tensor of one example means. A new kind is a row here and a task that reads it.
struct TargetKind {
  std::string_view name;         ///< "classes"
  std::string_view noun, nouns;  ///< what a name and names are called in messages: "class", "classes"; "label", ..
  std::string_view contents;     ///< what a table of such targets holds: "classes", "several labels", "numbers"

  /// The class of an example; null where it has not one each.
  std::int64_t (*stratum)(const Tensor& target) = nullptr;

  /// Adds the numbers of the labels that an example has: what a split keeps the shares of; null where there are none.
  void (*labels)(const Tensor& target, std::vector<std::uint32_t>& labels) = nullptr;

  /// The same target where name i is called number `numbers[i]` of `width` names, -1: nothing. Empty where the example
  /// has no target there.
  Tensor (*renumber)(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t width) = nullptr;

  /// Marks the names that the target uses.
  void (*mark_used)(const Tensor& target, std::vector<bool>& used) = nullptr;

  /// The target of one window of an example, whose places went where `map` says (`Alignment::map`); null: each window
  /// has that of the whole.
  Tensor (*placed)(const Tensor& target, const Tensor& map) = nullptr;

  /// The target of an example with these fields in words; null: the names that it uses.
  std::string (*words)(const Tensor& target, std::span<const Field> fields) = nullptr;

  bool names_are_inner = false;  ///< they are of what a network says, and are not shown: `contents` says what there is
  bool names_are_columns = false;  ///< a table has a column a name
  bool is_compared = false;        ///< with that of other examples: a part needs some of two at least
  bool needs_every_name = false;   ///< data without one of the names cannot be used: no number can stand for it
  bool varying = false;            ///< each example's has a shape of its own; in batches the first dimension is filled
                                   ///< with -1 where only that one differs
};

/// classes: () of int64, the number of the class. multi_label: (names) of float32, 0 or 1. regression: (names) of
/// float32, the numbers themselves. boxes: see box_target.h. masks: see mask_target.h. spans: answers that stand in a
/// text (span_target.h). identities: identity_target.h. text: (3) of float32, as `in_pieces` says. translations: see
/// `kTranslationTarget`. transcripts: see transcript_target.h.
std::span<const TargetKind> target_kinds();

/// The row of that name ("values" is read as "regression"); null where there is none.
const TargetKind* find_target_kind(std::string_view name);

/// The same. Throws Error{usage} naming all kinds.
const TargetKind& target_kind_named(std::string_view name);

/// False for the empty target of an example of which nothing is known; one without any object is known.
bool is_labelled(const Tensor& target);

/// Number of the class of a target of the kind `classes`; -1 where the example is unlabelled.
std::int64_t class_number(const Tensor& target);

}  // namespace enxerto

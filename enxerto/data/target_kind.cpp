#include "enxerto/data/target_kind.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/spoken_texts.h"
#include "enxerto/data/transcript_target.h"

namespace enxerto {
namespace {

void label_of_class(const Tensor& target, std::vector<std::uint32_t>& labels) {
  if (const std::int64_t number = class_number(target); number >= 0)
    labels.push_back(static_cast<std::uint32_t>(number));
}

void labels_that_are_set(const Tensor& target, std::vector<std::uint32_t>& labels) {
  const auto values = target.as<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0) labels.push_back(static_cast<std::uint32_t>(i));
  }
}

Tensor renumber_class(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t /*width*/) {
  const std::int64_t old = class_number(target);
  const std::int64_t number = old < 0 ? -1 : numbers[static_cast<std::size_t>(old)];
  return number < 0 ? Tensor() : Tensor::scalar(number);
}

Tensor renumber_columns(const Tensor& target, std::span<const std::int64_t> numbers, std::size_t width) {
  TensorBuffer buffer(DType::f32, {static_cast<std::int64_t>(width)});
  std::ranges::fill(buffer.as<float>(), 0.0F);
  const auto old = target.as<float>();
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (numbers[i] >= 0) buffer.as<float>()[static_cast<std::size_t>(numbers[i])] = old[i];
  }
  return std::move(buffer).freeze();
}

void mark_class(const Tensor& target, std::vector<bool>& used) {
  if (const std::int64_t number = class_number(target); number >= 0) used[static_cast<std::size_t>(number)] = true;
}

void mark_labels(const Tensor& target, std::vector<bool>& used) {
  const auto labels = target.as<float>();
  for (std::size_t i = 0; i < labels.size(); ++i) used[i] = used[i] || labels[i] > 0;
}

void mark_all(const Tensor& /*target*/, std::vector<bool>& used) { std::fill(used.begin(), used.end(), true); }

Tensor as_it_is(const Tensor& target, std::span<const std::int64_t> /*numbers*/, std::size_t /*width*/) {
  return target;
}

void mark_answered(const Tensor& target, std::vector<bool>& used) {
  const std::size_t name = spans_of(target).empty() ? 1 : 0;
  if (name < used.size()) used[name] = true;
}

void mark_nothing(const Tensor& /*target*/, std::vector<bool>& /*used*/) {}

constexpr std::array<TargetKind, 11> kKinds{{
    {.name = kClassTarget,
     .noun = "class",
     .nouns = "classes",
     .contents = "classes",
     .stratum = class_number,
     .labels = label_of_class,
     .renumber = renumber_class,
     .mark_used = mark_class},
    {.name = kMultiLabelTarget,
     .noun = "label",
     .nouns = "labels",
     .contents = "several labels",
     .stratum = nullptr,
     .labels = labels_that_are_set,
     .renumber = renumber_columns,
     .mark_used = mark_labels,
     .names_are_columns = true},
    {.name = kRegressionTarget,
     .noun = "column",
     .nouns = "columns",
     .contents = "numbers",
     .stratum = nullptr,
     .renumber = renumber_columns,
     .mark_used = mark_all,
     .names_are_columns = true,
     .needs_every_name = true},
    {.name = kBoxTarget,
     .noun = "class",
     .nouns = "classes",
     .contents = "boxes",
     .stratum = nullptr,
     .labels = labels_of_boxes,
     .renumber = renumber_boxes,
     .mark_used = mark_classes_of_boxes,
     .varying = true},
    {.name = kMaskTarget,
     .noun = "class",
     .nouns = "classes",
     .contents = "masks",
     .stratum = nullptr,
     .labels = labels_of_mask,
     .renumber = renumber_mask,
     .mark_used = mark_classes_of_mask,
     .varying = true},
    {.name = kSpanTarget,
     .noun = "kind of answer",
     .nouns = "kinds of answers",
     .contents = "answers in a text",
     .stratum = nullptr,
     .renumber = as_it_is,
     .mark_used = mark_answered,
     .placed = placed_span,
     .words = span_words},
    {.name = kIdentityTarget,
     .noun = "identity",
     .nouns = "identities",
     .contents = "identities",
     .stratum = nullptr,
     .renumber = as_it_is,
     .mark_used = mark_nothing,
     .is_compared = true,
     .varying = true},
    {.name = kTextTarget,
     .noun = "figure",
     .nouns = "figures",
     .contents = "texts without answers",
     .stratum = nullptr,
     .renumber = as_it_is,
     .mark_used = mark_all,
     .names_are_inner = true},
    {.name = kTranslationTarget,
     .noun = "figure",
     .nouns = "figures",
     .contents = "texts and their translations",
     .stratum = nullptr,
     .renumber = as_it_is,
     .mark_used = mark_all,
     .names_are_inner = true},
    {.name = kTranscriptTarget,
     .noun = "text",
     .nouns = "texts",
     .contents = "transcripts",
     .stratum = nullptr,
     .renumber = as_it_is,
     .mark_used = mark_all,
     .words = transcript_words,
     .names_are_inner = true,
     .varying = true},
    {.name = kSpokenTarget,
     .noun = "figure",
     .nouns = "figures",
     .contents = "recordings and what is said in them",
     .stratum = nullptr,
     .renumber = as_it_is,
     .mark_used = mark_all,
     .words = spoken_words,
     .names_are_inner = true},
}};

}  // namespace

TargetSpec text_target() { return {.kind = std::string(kTextTarget), .names = {"surprise", "tokens"}}; }

TargetSpec translation_target() { return {.kind = std::string(kTranslationTarget), .names = text_target().names}; }

std::span<const TargetKind> target_kinds() { return kKinds; }

const TargetKind* find_target_kind(std::string_view name) {
  if (name == "values") name = kRegressionTarget;
  const auto* const found = std::ranges::find(kKinds, name, &TargetKind::name);
  return found == kKinds.end() ? nullptr : found;
}

const TargetKind& target_kind_named(std::string_view name) {
  if (const TargetKind* kind = find_target_kind(name)) return *kind;
  std::vector<std::string> names;
  for (const TargetKind& kind : kKinds) names.emplace_back(kind.name);
  throw usage_error("target kind", fmt::format("'{}'{}", name, did_you_mean(name, names)),
                    fmt::format("{}", fmt::join(names, ", ")));
}

bool is_labelled(const Tensor& target) { return target.size() > 0 || target.shape().size() > 1; }

std::int64_t class_number(const Tensor& target) { return target.size() == 0 ? -1 : target.as<std::int64_t>().front(); }

}  // namespace enxerto

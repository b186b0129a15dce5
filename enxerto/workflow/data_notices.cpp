#include "enxerto/workflow/data_notices.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/data/duplicates.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/label_sets.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/text_overlap.h"

namespace enxerto {
namespace {

constexpr std::size_t kLeastExamples = 30, kLeastOfClass = 5;

std::string nouns(const ReadRows& rows) { return std::string(nouns_of(rows.data.all->info().inputs)); }

std::string id_of(const ReadRows& rows, std::size_t row) {
  return printable(rows.data.all->get(rows.positions[row])->id());
}

std::vector<Hash128> contents_of(const ReadRows& rows, std::span<const std::size_t> part) {
  std::vector<Hash128> contents;
  for (const std::size_t row : part) contents.push_back(rows.contents[row]);
  return contents;
}

bool same_answer(const ReadRows& rows, std::size_t one, std::size_t other) {
  const Tensor a = rows.data.all->target(rows.positions[one]), b = rows.data.all->target(rows.positions[other]);
  return a.size() == b.size() && std::ranges::equal(a.bytes(), b.bytes());
}

struct SharedParts {
  std::string_view part, other, consequence;
};

/// The places in `part` of what `other` has too.
std::vector<std::size_t> notice_shared_contents(std::span<const std::size_t> part, std::span<const std::size_t> other,
                                                const SharedParts& names, const ReadRows& rows, Progress& progress) {
  const std::vector<Hash128> here = contents_of(rows, part), there = contents_of(rows, other);
  std::vector<std::size_t> twins = duplicates_across(there, here);
  if (twins.empty()) return twins;
  const auto original = [&](std::size_t twin) {
    return other[static_cast<std::size_t>(std::ranges::find(there, here[twin]) - there.begin())];
  };
  const auto differ = static_cast<std::size_t>(
      std::ranges::count_if(twins, [&](std::size_t twin) { return !same_answer(rows, part[twin], original(twin)); }));
  const std::string answers =
      differ == 0 ? std::string(names.consequence)
      : differ == twins.size()
          ? "with other answers there, so that one of each pair is wrong"
          : fmt::format("{}; {} of them with another answer there, so that one of the two is wrong", names.consequence,
                        differ);
  progress.notice(fmt::format("{} of {} {} {} {} also in the {} data (first: {} = {}): {}", twins.size(), part.size(),
                              names.part, nouns(rows), twins.size() == 1 ? "is" : "are", names.other,
                              id_of(rows, part[twins.front()]), id_of(rows, original(twins.front())), answers));
  return twins;
}

void notice_shared_groups(std::span<const std::size_t> part, std::span<const std::size_t> other,
                          const SharedParts& names, const std::vector<std::string>& groups, Progress& progress) {
  if (groups.empty()) return;
  std::set<std::string_view> here, both;
  for (const std::size_t row : part) here.insert(groups[row]);
  for (const std::size_t row : other) {
    if (!groups[row].empty() && here.contains(groups[row])) both.insert(groups[row]);
  }
  if (both.empty()) return;
  progress.notice(fmt::format("{} of the {} data {} in the {} data too (first: '{}'): {}",
                              counted(both.size(), "group"), names.part, both.size() == 1 ? "is" : "are", names.other,
                              printable(*both.begin()), names.consequence));
}

/// "3 of 'cat'", "2 of 'cat' and fewer than 5 of 3 more classes"; "" where each has enough.
std::string too_few_of(const std::vector<std::size_t>& counts, const std::vector<std::string>& names) {
  std::size_t short_of = 0, worst = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] >= kLeastOfClass) continue;
    if (short_of++ == 0 || counts[i] < counts[worst]) worst = i;
  }
  if (short_of == 0) return "";
  const std::string first = fmt::format("{} of '{}'", counts[worst], printable(names[worst]));
  if (short_of == 1) return first;
  return fmt::format("{} and fewer than {} of {} more", first, kLeastOfClass, short_of - 1);
}

void notice_small_part(std::span<const std::size_t> part_rows, const ReadRows& rows, std::string_view part,
                       std::string_view purpose, Progress& progress) {
  if (part_rows.empty()) return;
  const std::vector<std::string>& names = rows.data.all->info().target.names;
  std::vector<std::size_t> positions;
  for (const std::size_t row : part_rows) positions.push_back(rows.positions[row]);
  const TargetKind* kind = find_target_kind(rows.data.all->info().target.kind);
  std::string few;
  if (kind != nullptr && kind->labels != nullptr) {
    const LabelSets labels = label_sets(*rows.data.all, positions);
    std::vector<std::size_t> counts(names.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      for (const std::uint32_t label : labels.of(i)) ++counts[label];
    }
    few = too_few_of(counts, names);
  }
  if (positions.size() >= kLeastExamples && few.empty()) return;
  progress.notice(fmt::format("{} {} {}{}: too few to {} by", part, positions.size(), nouns(rows),
                              few.empty() ? "" : ", " + few, purpose));
}

}  // namespace

void notice_groups(const ExampleGroups& groups, const ReadRows& rows, Progress& progress) {
  if (groups.groups == 0) return;
  std::string text = fmt::format(
      "{}, the largest of {} of {} {}{}", counted(groups.groups, "group"), groups.largest, groups.names.size(),
      nouns(rows), rows.data.train_end < rows.data.all->size() ? "" : ", each on one side of every split");
  if (groups.alone > 0)
    text += fmt::format("; {} of the {} {} to no group", groups.alone, nouns(rows),
                        groups.alone == 1 ? "belongs" : "belong");
  progress.notice(text);
}

void notice_repeated(const RowRoles& roles, const ReadRows& rows, Progress& progress) {
  const std::vector<Hash128> contents = contents_of(rows, roles.train);
  const auto row = [&](std::size_t i) { return roles.train[i]; };
  const RepeatedContents found =
      repeated_contents(contents, [&](std::size_t i, std::size_t j) { return same_answer(rows, row(i), row(j)); });
  const TargetKind* kind = find_target_kind(rows.data.all->info().target.kind);
  const std::string_view answers = kind == nullptr || kind->names_are_columns ? "answers" : "classes";
  const auto pair = [&](const RepeatedContents::Kind& of) {
    return fmt::format("first: {} = {}", id_of(rows, row(of.first)), id_of(rows, row(of.second)));
  };
  if (found.conflicts.count > 0)
    progress.notice(fmt::format("{} of the {} {} with two {} ({}): the {} contradict themselves", found.conflicts.count,
                                nouns(rows), found.conflicts.count == 1 ? "appears" : "appear", answers,
                                pair(found.conflicts), rows.data.has_test() ? "training data" : "data"));
  if (found.copies.count > 0)
    progress.notice(fmt::format("{} of {} {} {} of others ({}), kept on one side of every split", found.copies.count,
                                contents.size(), nouns(rows), found.copies.count == 1 ? "is a copy" : "are copies",
                                pair(found.copies)));
}

void notice_contradicting_test(const RowRoles& roles, const ReadRows& rows, Progress& progress) {
  const auto row = [&](std::size_t i) { return roles.test[i]; };
  const RepeatedContents::Kind found =
      repeated_contents(contents_of(rows, roles.test), [&](std::size_t i, std::size_t j) {
        return same_answer(rows, row(i), row(j));
      }).conflicts;
  if (found.count > 0)
    progress.notice(
        fmt::format("{} of the test {} {} with two answers (first: {} = {}): nobody can be right about both",
                    found.count, nouns(rows), found.count == 1 ? "appears" : "appear", id_of(rows, row(found.first)),
                    id_of(rows, row(found.second))));
}

void notice_few_groups(const RowRoles& roles, const ReadRows& rows, Progress& progress) {
  constexpr std::size_t kFewGroups = 5;
  if (roles.groups.empty() || roles.test.empty()) return;
  std::set<std::string_view> groups;
  for (const std::size_t row : roles.test) {
    if (roles.groups[row].empty()) return;  // stands alone
    groups.insert(roles.groups[row]);
  }
  if (groups.size() < kFewGroups)
    progress.notice(
        fmt::format("the test part is {}: intervals are over its {}, and others may be much better or worse",
                    counted(groups.size(), "group"), nouns(rows)));
}

std::size_t notice_shared(const RowRoles& roles, const ReadRows& rows, Progress& progress) {
  const auto both = [&](std::span<const std::size_t> part, std::span<const std::size_t> other,
                        const SharedParts& names) {
    std::vector<std::size_t> twins = notice_shared_contents(part, other, names, rows, progress);
    notice_shared_groups(part, other, names, roles.groups, progress);
    return twins;
  };
  constexpr std::string_view kOptimistic = "the test metrics are too optimistic";
  std::set<std::size_t> also;
  for (const std::size_t twin : both(roles.test, roles.train, {"test", "training", kOptimistic})) also.insert(twin);
  for (const std::size_t twin : both(roles.test, roles.validation, {"test", "validation", kOptimistic}))
    also.insert(twin);
  both(roles.validation, roles.train, {"validation", "training", "the validation metrics are too optimistic"});
  return also.size();
}

void notice_overlap(const RowRoles& roles, const ReadRows& rows, Progress& progress) {
  const auto positions = [&](const std::vector<std::size_t>& part) {
    std::vector<std::size_t> found;
    for (const std::size_t row : part) found.push_back(rows.positions[row]);
    return found;
  };
  const std::vector<std::size_t> learned = positions(roles.train), held_out = positions(roles.test);
  const std::vector<TextOverlap> overlaps = text_overlaps(*rows.data.all, learned, held_out);
  const std::string said = overlap_text(overlaps, "test"), shown = longest_runs_text(overlaps);
  if (is_suspicious(overlaps))
    progress.notice(said + "; the test metrics are too optimistic");
  else if (!said.empty())
    progress.result(said);
  if (!shown.empty()) progress.result(shown);
}

void notice_small_parts(const RowRoles& roles, const ReadRows& rows, std::string_view validation, Progress& progress) {
  notice_small_part(roles.test, rows, "the test part has", "judge", progress);
  if (!validation.empty()) notice_small_part(roles.validation, rows, validation, "choose", progress);
}

}  // namespace enxerto

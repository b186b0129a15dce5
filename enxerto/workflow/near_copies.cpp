#include "enxerto/workflow/near_copies.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/heads/nearest_rows.h"
#include "enxerto/media/fingerprints.h"

namespace enxerto {
namespace {

constexpr double kMostProducts = 3e10;            // multiplications of the search: a second or two
constexpr std::size_t kNeighbours = 2;            // that may be what an example is a copy of
constexpr std::size_t kFurther[] = {15, 23, 31};  // neighbours that say how alike others of its kind are
constexpr float kLeastCosine = 0.2F;              // of features, less their mean
constexpr std::size_t kAtATime = 32;              // where none of these is a copy, what is less alike is none
constexpr std::size_t kMostCandidates = 16 * kAtATime;
constexpr std::size_t kUsual = 64;  // that say how alike examples of these data are
constexpr double kUsualShare = 0.95;

/// `count` of `all`, evenly drawn, in their order.
std::vector<std::size_t> evenly(const std::vector<std::size_t>& all, std::size_t count) {
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < std::min(count, all.size()); ++i)
    drawn.push_back(all[i * all.size() / std::min(count, all.size())]);
  return drawn;
}

struct Candidate {
  std::size_t row = 0;
  std::vector<NearRow> learned = {}, further = {};
};

/// What a candidate is most alike to, and how alike the further ones of its kind are.
struct Twin {
  std::size_t row = 0;
  double alike = 0, others = 0;
};

class NearCopyFinder {
 public:
  NearCopyFinder(const ReadRows& rows, const RowRoles& roles, const NearCopyEvidence& evidence)
      : rows_(rows), roles_(roles), evidence_(evidence) {}

  bool can_look() const {
    return evidence_.features.layout().is_matrix() &&
           have_fingerprints(rows_.data.all->info().inputs, evidence_.preprocessor.inputs());
  }

  NearCopies find(const ComparedParts& parts, const Progress& progress) {
    learned_.assign(parts.learned.begin(), parts.learned.end());
    NearCopies found;
    const std::vector<Candidate> candidates = nearest_pairs(parts, found);
    for (std::size_t begin = 0; begin < candidates.size(); begin += kAtATime) {
      throw_if_cancelled(progress);
      found.at_least = begin >= kMostCandidates;
      if (found.at_least) break;
      const std::size_t end = std::min(begin + kAtATime, candidates.size());
      if (verify(std::span(candidates).subspan(begin, end - begin), found) == 0) break;
    }
    return found;
  }

 private:
  /// Most alike first.
  std::vector<Candidate> nearest_pairs(const ComparedParts& parts, NearCopies& found) const {
    std::set<Hash128> contents;
    for (const std::size_t row : parts.learned) contents.insert(rows_.contents[row]);
    std::vector<std::size_t> open;
    for (const std::size_t row : parts.held_out)
      if (!contents.contains(rows_.contents[row])) open.push_back(row);
    const double a_query = static_cast<double>(learned_.size()) * static_cast<double>(evidence_.features.width());
    const std::vector<std::size_t> queries =
        evenly(open, static_cast<std::size_t>(std::max(1.0, kMostProducts / std::max(1.0, a_query))));
    found.looked_at = parts.held_out.size() - (open.size() - queries.size());
    const std::vector<std::vector<NearRow>> nearest = nearest_rows({.stored = evidence_.features,
                                                                    .rows = learned_,
                                                                    .queries = queries,
                                                                    .neighbours = kFurther[2] + 1,
                                                                    .threads = evidence_.threads});
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      Candidate candidate{queries[i]};
      for (std::size_t rank = 0; rank < nearest[i].size(); ++rank) {
        const NearRow& near = nearest[i][rank];
        if (rank < kNeighbours && near.cosine >= kLeastCosine && !of_one_group(queries[i], near.row))
          candidate.learned.push_back(near);
        if (std::ranges::find(kFurther, rank) != std::end(kFurther)) candidate.further.push_back(near);
      }
      if (!candidate.learned.empty()) candidates.push_back(std::move(candidate));
    }
    std::ranges::stable_sort(candidates, std::greater<>(),
                             [](const Candidate& one) { return one.learned.front().cosine; });
    return candidates;
  }

  bool of_one_group(std::size_t one, std::size_t other) const {
    return !roles_.groups.empty() && !roles_.groups[one].empty() && roles_.groups[one] == roles_.groups[other];
  }

  /// Returns how many of `candidates` are near copies, and adds them.
  std::size_t verify(std::span<const Candidate> candidates, NearCopies& found) {
    std::vector<Twin> twins(candidates.size());
    parallel_for(evidence_.threads, candidates.size(), [&](std::size_t i) { twins[i] = twin_of(candidates[i]); });
    std::size_t count = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (twins[i].alike < least_of_near_copies(twins[i].others)) continue;
      if (!usual_) usual_ = usual_alikeness();
      if (twins[i].alike < least_of_near_copies(*usual_)) continue;
      if (found.count == 0 || candidates[i].row < found.held_out) {
        found.held_out = candidates[i].row;
        found.learned = twins[i].row;
      }
      ++found.count;
      ++count;
    }
    return count;
  }

  Twin twin_of(const Candidate& candidate) const {
    Twin twin;
    const Fingerprints held_out = prints_of(candidate.row);
    const auto alike_to = [&](std::size_t row) {
      const Fingerprint other = prints_of(row).own;
      double alike = alikeness(held_out.own, other);
      for (const Fingerprint& form : held_out.forms) alike = std::max(alike, alikeness(form, other));
      return alike;
    };
    for (const NearRow& near : candidate.learned)
      if (const double alike = alike_to(near.row); alike > twin.alike) twin = {.row = near.row, .alike = alike};
    if (twin.alike < least_of_near_copies(0)) return twin;
    for (const NearRow& near : candidate.further) twin.others = std::max(twin.others, alike_to(near.row));
    return twin;
  }

  /// Of pairs of examples that are learned from: by so much and more a twentieth of them correlates.
  double usual_alikeness() const {
    const std::vector<std::size_t> some = evenly(learned_, kUsual);
    std::vector<Fingerprint> prints(some.size());
    parallel_for(evidence_.threads, some.size(), [&](std::size_t i) { prints[i] = prints_of(some[i]).own; });
    std::vector<double> pairs;
    for (std::size_t i = 0; i < prints.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) pairs.push_back(alikeness(prints[i], prints[j]));
    if (pairs.empty()) return 0;
    const auto at = pairs.begin() + static_cast<std::ptrdiff_t>(kUsualShare * static_cast<double>(pairs.size() - 1));
    std::ranges::nth_element(pairs, at);
    return *at;
  }

  /// Of what the network sees; none of an example that cannot be read any more.
  Fingerprints prints_of(std::size_t row) const {
    try {
      const auto example = rows_.data.all->get(rows_.positions[row]);
      const std::string id = example->id();
      const std::vector<Field> fields = fields_of(*rows_.data.all, *example);
      OwnSlots slots(evidence_.preprocessor.inputs());
      (void)evidence_.preprocessor.encode(fields, {.where = id}, slots);
      return fingerprints(fields.front().medium, evidence_.preprocessor.inputs().front(), slots.take().front());
    } catch (const Error&) {
      return {};
    }
  }

  const ReadRows& rows_;
  const RowRoles& roles_;
  const NearCopyEvidence& evidence_;
  std::vector<std::size_t> learned_ = {};
  std::optional<double> usual_ = {};  // known once there is something to hold against it
};

}  // namespace

double least_of_near_copies(double alike) {
  const double apart = 1 - std::clamp(alike, 0.0, 1.0);
  return 1 - 0.2 * apart * apart * apart;
}

NearCopies near_copies(const ReadRows& rows, const RowRoles& roles, const ComparedParts& parts,
                       const NearCopyEvidence& evidence, const Progress& progress) {
  NearCopyFinder finder(rows, roles, evidence);
  if (parts.learned.empty() || parts.held_out.empty() || !finder.can_look()) return {};
  return finder.find(parts, progress);
}

std::size_t notice_near_copies(const ReadRows& rows, const RowRoles& roles, const ComparedParts& parts,
                               const NearCopyEvidence& evidence, Progress& progress) {
  const NearCopies found = near_copies(rows, roles, parts, evidence, progress);
  if (found.count == 0) return 0;
  const auto id_of = [&](std::size_t row) { return printable(rows.data.all->get(rows.positions[row])->id()); };
  progress.notice(fmt::format(
      "{}{} of {} {} {}{} {} nearly the same as one that was learned from (first: {}, and {} in the "
      "training data): the {} metrics are "
      "too optimistic; leave {} out, or keep what belongs together on one side of the split (data.group)",
      found.at_least ? "at least " : "", found.count, found.looked_at, parts.name,
      nouns_of(rows.data.all->info().inputs), found.looked_at < parts.held_out.size() ? " that were looked at" : "",
      found.count == 1 ? "is" : "are", id_of(found.held_out), id_of(found.learned), parts.name,
      found.count == 1 ? "it" : "them"));
  return found.count;
}

}  // namespace enxerto

#include "enxerto/data/text_overlap.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/hash.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

constexpr std::size_t kRun = 8, kLeastWordsOfLine = 5, kMostWordsLearned = 4'000'000, kMostShown = 160;
constexpr std::size_t kMostPlaces = 16;  // where a run begins that are compared
constexpr double kSuspiciousShare = 0.01;
constexpr std::size_t kSuspiciousRun = 40;

constexpr std::array<std::string_view, 2> kSides{"sources", "targets"};

/// Words of texts by their hashes; between two texts stands a number that no other has.
class Words {
 public:
  void add_text(std::string_view text, bool keep) {
    std::size_t line_begin = numbers_.size();
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t begin = text.find_first_not_of(" \t\r\n", i), line = text.find('\n', i);
      if (line < std::min(begin, text.size())) end_line(line_begin);
      if (begin == std::string_view::npos) break;
      i = std::min(text.find_first_of(" \t\r\n", begin), text.size());
      const std::string_view word = text.substr(begin, i - begin);
      numbers_.push_back(hash128(word).low | 1U);
      if (keep) kept_.emplace_back(word);
    }
    end_line(line_begin);
    numbers_.push_back(2 * ++borders_);  // even: no word's
    if (keep) kept_.emplace_back();
  }

  const std::vector<std::uint64_t>& numbers() const { return numbers_; }
  const std::vector<std::uint64_t>& lines() const { return lines_; }
  std::size_t words() const { return numbers_.size() - borders_; }

  std::string text(std::size_t begin, std::size_t end) const {
    return fmt::format("{}", fmt::join(kept_.begin() + static_cast<std::ptrdiff_t>(begin),
                                       kept_.begin() + static_cast<std::ptrdiff_t>(end), " "));
  }

 private:
  void end_line(std::size_t& begin) {
    if (numbers_.size() - begin >= kLeastWordsOfLine)
      lines_.push_back(hash128(std::as_bytes(std::span(numbers_).subspan(begin))).low);
    begin = numbers_.size();
  }

  std::vector<std::uint64_t> numbers_, lines_;
  std::vector<std::string> kept_;
  std::size_t borders_ = 0;
};

/// Where runs of eight words begin, by what they are.
class Runs {
 public:
  explicit Runs(const std::vector<std::uint64_t>& words) : words_(words) {
    for (std::size_t i = 0; i + kRun <= words.size(); ++i)
      if (is_whole(words, i)) places_.emplace_back(run_at(words, i), static_cast<std::uint32_t>(i));
    std::ranges::sort(places_);
  }

  struct Match {
    std::size_t begin = 0, end = 0;  ///< in the other words
  };

  /// The longest run around place `at` of `other` that stands here too.
  Match longest_at(const std::vector<std::uint64_t>& other, std::size_t at) const {
    Match longest;
    const std::uint64_t run = run_at(other, at);
    std::size_t compared = 0;
    for (auto place = std::ranges::lower_bound(places_, std::pair(run, std::uint32_t{0}));
         place != places_.end() && place->first == run && compared < kMostPlaces; ++place, ++compared) {
      Match match{.begin = at, .end = at};
      std::size_t here = place->second;
      for (; here < words_.size() && match.end < other.size() && same_word(words_[here], other[match.end]); ++here)
        ++match.end;
      here = place->second;
      for (; here > 0 && match.begin > 0 && same_word(words_[here - 1], other[match.begin - 1]); --here) --match.begin;
      if (match.end - match.begin > longest.end - longest.begin) longest = match;
    }
    return longest;
  }

  static bool is_whole(const std::vector<std::uint64_t>& words, std::size_t at) {
    return std::all_of(words.begin() + static_cast<std::ptrdiff_t>(at),
                       words.begin() + static_cast<std::ptrdiff_t>(at + kRun), is_word);
  }

 private:
  static bool is_word(std::uint64_t number) { return (number & 1U) == 1U; }
  static bool same_word(std::uint64_t a, std::uint64_t b) { return a == b && is_word(a); }
  static std::uint64_t run_at(const std::vector<std::uint64_t>& words, std::size_t at) {
    return hash128(std::as_bytes(std::span(words).subspan(at, kRun))).low;
  }

  const std::vector<std::uint64_t>& words_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> places_;
};

TextOverlap compared(const Words& learned, const Words& held_out) {
  TextOverlap overlap{.lines = held_out.lines().size()};
  const std::unordered_set<std::uint64_t> known(learned.lines().begin(), learned.lines().end());
  for (const std::uint64_t line : held_out.lines()) overlap.shared += known.contains(line) ? 1 : 0;
  const Runs runs(learned.numbers());
  const std::vector<std::uint64_t>& words = held_out.numbers();
  for (std::size_t i = 0; i + kRun <= words.size();) {
    const Runs::Match match = Runs::is_whole(words, i) ? runs.longest_at(words, i) : Runs::Match{};
    const std::size_t length = match.end - match.begin;
    if (length > overlap.run_words) {
      overlap.run_words = length;
      overlap.run = held_out.text(match.begin, match.end);
    }
    i = length > 0 ? match.end - kRun + 1 : i + 1;  // what begins further on may go on beyond
  }
  overlap.looked_at = learned.words();
  return overlap;
}

std::string shortened_run(const std::string& run) {
  if (run.size() <= kMostShown) return printable(run);
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(run[end]) & 0xC0U) == 0x80U) --end;
  return printable(run.substr(0, end)) + " ..";
}

}  // namespace

std::vector<TextOverlap> text_overlaps(const Dataset& dataset, std::span<const std::size_t> learned,
                                       std::span<const std::size_t> held_out) {
  std::vector<TextOverlap> overlaps;
  const std::string& kind = dataset.info().target.kind;
  if ((kind != kTextTarget && kind != kTranslationTarget) || learned.empty() || held_out.empty()) return overlaps;
  for (std::size_t field = 0; field < dataset.info().inputs.size(); ++field) {
    const auto text_at = [&](std::size_t position) {
      const std::vector<Field> fields = fields_of(dataset, *dataset.get(position));
      return std::string(text_in(fields.at(field)));
    };
    Words known, asked;
    std::size_t more = 0;
    for (const std::size_t position : learned) {
      if (known.words() < kMostWordsLearned)
        known.add_text(text_at(position), false);
      else
        ++more;
    }
    for (const std::size_t position : held_out) asked.add_text(text_at(position), true);
    overlaps.push_back(compared(known, asked));
    overlaps.back().words_learned = known.words() * learned.size() / std::max<std::size_t>(learned.size() - more, 1);
    if (kind == kTranslationTarget) overlaps.back().side = kSides.at(field);
  }
  return overlaps;
}

std::string overlap_text(std::span<const TextOverlap> overlaps, std::string_view part) {
  std::vector<std::string> sides, runs;
  for (const TextOverlap& one : overlaps) {
    const std::string side = one.side.empty() ? "" : fmt::format(" of the {}", one.side);
    if (one.lines > 0)
      sides.push_back(fmt::format("{} of {}{}", format_count(one.shared), format_count(one.lines), side));
    if (one.run_words > 0) runs.push_back(fmt::format("{} words{}", one.run_words, side));
  }
  if (sides.empty()) return "";
  const TextOverlap& first = overlaps.front();
  const std::string looked_at = first.looked_at < first.words_learned
                                    ? fmt::format(" ({} words of it were looked at)", format_count(first.looked_at))
                                    : "";
  return fmt::format(
      "{} lines of five words and more that stand in the training part too{}: {}; the longest run of "
      "words in both: {}",
      part, looked_at, fmt::join(sides, ", "),
      runs.empty() ? std::string("fewer than 8") : fmt::format("{}", fmt::join(runs, ", ")));
}

std::string longest_runs_text(std::span<const TextOverlap> overlaps) {
  std::vector<std::string> runs;
  for (const TextOverlap& one : overlaps)
    if (one.run_words > 0) runs.push_back(shortened_run(one.run));
  return runs.empty() ? "" : fmt::format("in both: {}", fmt::join(runs, " | "));
}

bool is_suspicious(std::span<const TextOverlap> overlaps) {
  return std::ranges::any_of(overlaps, [](const TextOverlap& one) {
    return one.run_words >= kSuspiciousRun ||
           static_cast<double>(one.shared) > kSuspiciousShare * static_cast<double>(one.lines);
  });
}

}  // namespace enxerto

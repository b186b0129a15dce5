#include "enxerto/tasks/transcript_notes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/heads/head.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 5, kNamedCharacters = 20, kRare = 5;

using Counts = std::map<std::int64_t, std::size_t>;

Counts characters_of(const Dataset& dataset, std::span<const std::size_t> positions) {
  Counts counts;
  for (const std::size_t position : positions) {
    const Tensor target = dataset.target(position);
    for (const std::int64_t point : target.as<std::int64_t>()) ++counts[point];
  }
  return counts;
}

std::size_t sum_of(const Counts& counts) {
  std::size_t sum = 0;
  for (const auto& [point, count] : counts) sum += count;
  return sum;
}

/// "'e' 4, 'x' 1", the most frequent first.
std::string named(const Counts& counts) {
  std::vector<std::pair<std::size_t, std::int64_t>> order;
  for (const auto& [point, count] : counts) order.emplace_back(count, point);
  std::ranges::sort(order, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a < b; });
  std::vector<std::string> texts;
  for (const auto& [count, point] : order) {
    if (texts.size() == kNamedCharacters) {
      texts.emplace_back("..");
      break;
    }
    texts.push_back(fmt::format("'{}' {}", printable(point_text(static_cast<std::uint32_t>(point))), count));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

void note_unknown(const Alphabet& alphabet, const TaskParts& parts, std::string_view part,
                  std::span<const std::size_t> positions, std::vector<std::string>& notes) {
  const Counts all = characters_of(parts.dataset, positions);
  Counts unknown;
  for (const auto& [point, count] : all)
    if (alphabet.label_of(point) == 0) unknown[point] = count;
  if (unknown.empty()) return;
  const double share = static_cast<double>(sum_of(unknown)) / static_cast<double>(sum_of(all));
  notes.push_back(
      fmt::format("{} of {} characters of the {} transcripts ({:.3g} %) are in no training transcript, and "
                  "cannot be written: {}",
                  sum_of(unknown), sum_of(all), part, 100 * share, named(unknown)));
}

/// Letters of ASCII that come in both cases.
std::size_t letters_in_both_cases(const Counts& counts) {
  std::size_t both = 0;
  for (std::int64_t letter = 'a'; letter <= 'z'; ++letter)
    both += counts.contains(letter) && counts.contains(letter - 'a' + 'A') ? 1 : 0;
  return both;
}

void note_alphabet(const Alphabet& alphabet, const TaskParts& parts, std::vector<std::string>& notes) {
  std::string texts;
  for (const std::string& text : alphabet.texts()) texts += printable(text);
  notes.push_back(fmt::format("{} can be written, those of the training transcripts: {}",
                              counted(alphabet.texts().size(), "character"), texts));
  const Counts counts = characters_of(parts.dataset, parts.training);
  Counts rare;
  for (const auto& [point, count] : counts)
    if (count < kRare) rare[point] = count;
  if (!rare.empty())
    notes.push_back(fmt::format("{} in the training transcripts fewer than {} times: {}",
                                rare.size() == 1 ? "a character is" : fmt::format("{} characters are", rare.size()),
                                kRare, named(rare)));
  if (const std::size_t both = letters_in_both_cases(counts); both > 0)
    notes.push_back(
        fmt::format("{} in upper and lower case, which are different characters to it: transcripts in one "
                    "case are easier to learn",
                    both == 1 ? "a letter comes" : fmt::format("{} letters come", both)));
}

/// Frames of an example; nothing where it cannot be read.
std::optional<std::size_t> frames_of(const TaskParts& parts, std::size_t position) {
  const std::span<const InputSpec> inputs = parts.preprocessor.inputs();
  const auto mask = std::ranges::find(inputs, kAttentionMask, &InputSpec::name);
  if (mask == inputs.end()) return std::nullopt;
  try {
    const std::unique_ptr<Example> example = parts.dataset.get(position);
    OwnSlots slots(inputs);
    (void)parts.preprocessor.encode(fields_of(parts.dataset, *example), {.where = example->id()}, slots);
    const Tensor counts = slots.take().at(static_cast<std::size_t>(mask - inputs.begin()));
    const auto ones = counts.as<std::int64_t>();
    return std::ranges::count(ones, std::int64_t{1});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    return std::nullopt;
  }
}

void note_too_long(const Alphabet& alphabet, const TaskParts& parts, std::vector<std::string>& notes) {
  std::vector<std::size_t> positions(parts.training.begin(), parts.training.end());
  positions.insert(positions.end(), parts.validation.begin(), parts.validation.end());
  positions.insert(positions.end(), parts.test.begin(), parts.test.end());
  std::vector<std::string> found(positions.size());
  parallel_for(resolve_threads(parts.threads), positions.size(), [&](std::size_t i) {
    const Tensor labels = alphabet.labels_of(parts.dataset.target(positions[i]));
    const std::size_t needed = frames_needed(labels.as<std::int64_t>());
    const std::optional<std::size_t> frames = frames_of(parts, positions[i]);
    if (frames && *frames < needed)
      found[i] = fmt::format("{} ({} frames for {} characters)", printable(parts.dataset.get(positions[i])->id()),
                             *frames, labels.size());
  });
  std::erase(found, "");
  if (found.empty()) return;
  const std::size_t count = found.size();
  found.resize(std::min(count, kNamed));
  notes.push_back(
      fmt::format("{} of {} {} have fewer frames than their transcripts need, so nothing can be "
                  "learned from them: {}{}; is the right text beside them?",
                  count, positions.size(), nouns_of(parts.dataset.info().inputs), fmt::join(found, ", "),
                  count > kNamed ? ", .." : ""));
}

}  // namespace

std::vector<std::string> transcript_notes(const Alphabet& alphabet, const TaskParts& parts) {
  std::vector<std::string> notes;
  note_alphabet(alphabet, parts, notes);
  note_unknown(alphabet, parts, "validation", parts.validation, notes);
  note_unknown(alphabet, parts, "test", parts.test, notes);
  note_too_long(alphabet, parts, notes);
  return notes;
}

std::vector<std::string> unwritable_words(const Alphabet& alphabet, const NgramModel& model) {
  if (alphabet.space() < 0)
    throw data_error("the language model", "the network writes no blank between words", "a network that writes words");
  const auto writable = [&](std::string_view word) {
    while (!word.empty()) {
      const CodePoint point = first_point(word);
      if (alphabet.label_of(point.value) == 0) return false;
      word.remove_prefix(point.bytes.size());
    }
    return true;
  };
  std::size_t unwritable = 0;
  std::string_view one;
  for (const std::string& word : model.words()) {
    if (writable(word)) continue;
    ++unwritable;
    if (one.empty()) one = word;
  }
  const std::size_t all = model.words().size();
  if (unwritable == all)
    throw data_error("the language model",
                     fmt::format("none of its {} can be written with the network's characters, '{}' for one",
                                 counted(all, "word"), printable(one)),
                     fmt::format("words of {}", fmt::join(alphabet.texts(), "")), "are its words in the same case?");
  if (unwritable * 20 < all) return {};
  return {fmt::format("{} of {} of the language model cannot be written with the network's characters: '{}' for one",
                      unwritable, counted(all, "word"), printable(one))};
}

}  // namespace enxerto

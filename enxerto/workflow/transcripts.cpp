#include "enxerto/workflow/transcripts.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

constexpr std::size_t kShown = 3, kMostLookedAt = 20'000;
constexpr std::size_t kLongest = 240;  // bytes of what is shown of one example

std::optional<Transcript> transcript_of(const Dataset& dataset, std::size_t position,
                                        const Preprocessor& preprocessor) {
  try {
    const std::unique_ptr<Example> example = dataset.get(position);
    return preprocessor.transcript(fields_of(dataset, *example), example->id());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    return std::nullopt;
  }
}

/// In brackets; nothing where there is no answer but the example itself.
std::string answer_of(const Dataset& dataset, std::size_t position) {
  const TargetSpec& spec = dataset.info().target;
  const TargetKind& kind = target_kind_named(spec.kind);
  const Tensor target = dataset.target(position);
  if (kind.words != nullptr && target.size() > 0)
    return fmt::format(" ({})", printable(kind.words(target, fields_of(dataset, *dataset.get(position)))));
  if (kind.needs_every_name) return fmt::format(" ({})", fmt::join(target.as<float>(), ", "));
  if (kind.labels == nullptr) return "";
  std::vector<bool> used(spec.names.size());
  if (target.size() > 0) kind.mark_used(target, used);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) names.push_back(printable(spec.names[i]));
  }
  return names.empty() ? " (-)" : fmt::format(" ({})", fmt::join(names, ", "));
}

std::string shortened(const std::string& text) {
  if (text.size() <= kLongest) return printable(text);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return printable(text.substr(0, end)) + " ..";
}

void show(const Dataset& dataset, std::size_t position, const Transcript& transcript, Progress& progress) {
  std::string text = fmt::format("as the network reads {}{}: {}", printable(dataset.get(position)->id()),
                                 answer_of(dataset, position), shortened(transcript.text));
  if (!transcript.cut_off.empty()) text += fmt::format("; cut off: {}", shortened(transcript.cut_off));
  progress.result(text);  // shown, and no part of any record: a saved model holds none of its examples
}

/// Evenly spaced examples of a data set, and what the network reads of them.
struct LookedAt {
  std::vector<std::size_t> positions;
  std::vector<std::optional<Transcript>> transcripts;  ///< of each position; none where it cannot be read
};

/// Of no example where the network reads no words.
LookedAt look_at(const Dataset& dataset, const Preprocessor& preprocessor, int threads, Progress& progress) {
  LookedAt seen;
  const std::size_t count = std::min(dataset.size(), kMostLookedAt);
  const bool varies = !std::ranges::all_of(preprocessor.inputs(), [](const InputSpec& spec) { return spec.fixed(); });
  if (!varies || count == 0 || !preprocessor.transcript(preprocessor.sample(0), "sample")) return seen;
  for (std::size_t i = 0; i < count; ++i) seen.positions.push_back(i * dataset.size() / count);
  seen.transcripts.resize(count);
  parallel_for(resolve_threads(threads), count, [&](std::size_t i) {
    throw_if_cancelled(progress);
    seen.transcripts[i] = transcript_of(dataset, seen.positions[i], preprocessor);
  });
  return seen;
}

TranscriptCounts counts_of(const LookedAt& seen) {
  TranscriptCounts counts;
  for (const std::optional<Transcript>& transcript : seen.transcripts) {
    if (!transcript) continue;
    ++counts.examples;
    counts.cut += transcript->cut > 0 ? 1 : 0;
    counts.tokens += transcript->tokens;
    counts.unknown += transcript->unknown;
    counts.with_unknown += transcript->unknown > 0 ? 1 : 0;
  }
  return counts;
}

/// Of `all` examples.
std::string cut_text(const TranscriptCounts& counts, std::size_t all, std::string_view nouns) {
  const std::string looked_at =
      all > kMostLookedAt ? fmt::format(", of the {} looked at", format_count(counts.examples)) : "";
  return fmt::format("{} of {} {} cut off{}", format_count(counts.cut), format_count(counts.examples), nouns,
                     looked_at);
}

std::string unknown_text(const TranscriptCounts& counts) {
  return fmt::format("{} of {} tokens unknown to the vocabulary, in {}", format_count(counts.unknown),
                     format_count(counts.tokens), counted(counts.with_unknown, "example"));
}

void tell_losses(const TranscriptCounts& counts, std::size_t all, std::string_view nouns,
                 const Preprocessor& preprocessor, bool in_pieces, Progress& progress) {
  std::vector<std::string> losses;
  if (counts.cut > 0 && !in_pieces)
    losses.push_back(fmt::format("{} ({})", cut_text(counts, all, nouns), preprocessor.summary()));
  if (counts.unknown > 0) losses.push_back(unknown_text(counts));
  if (!losses.empty()) progress.notice(fmt::format("{}", fmt::join(losses, "; ")));
}

}  // namespace

void notice_transcripts(const Dataset& dataset, const Preprocessor& preprocessor, int threads, bool in_pieces,
                        Progress& progress) {
  const LookedAt seen = look_at(dataset, preprocessor, threads, progress);
  const TranscriptCounts counts = counts_of(seen);
  if (counts.examples == 0) return;
  const std::size_t looked_at = seen.positions.size();
  for (std::size_t shown = 0; shown < kShown; ++shown) {
    const std::size_t i = shown * looked_at / kShown;
    if ((shown == 0 || i != (shown - 1) * looked_at / kShown) && seen.transcripts[i])
      show(dataset, seen.positions[i], *seen.transcripts[i], progress);
  }
  std::vector<std::string> lost, whole;
  if (!in_pieces)
    (counts.cut > 0 ? lost : whole).push_back(cut_text(counts, dataset.size(), nouns_of(dataset.info().inputs)));
  (counts.unknown > 0 ? lost : whole).push_back(unknown_text(counts));
  if (!whole.empty()) progress.result(fmt::format("{}", fmt::join(whole, "; ")));
  if (!lost.empty()) progress.notice(fmt::format("{}", fmt::join(lost, "; ")));
}

void notice_losses(const Dataset& dataset, const Preprocessor& preprocessor, int threads, bool in_pieces,
                   Progress& progress) {
  tell_losses(counts_of(look_at(dataset, preprocessor, threads, progress)), dataset.size(),
              nouns_of(dataset.info().inputs), preprocessor, in_pieces, progress);
}

void LossesOfParts::add(const Dataset& part, Progress& progress) {
  examples_ += part.size();
  nouns_ = nouns_of(part.info().inputs);
  if (counts_.examples >= kMostLookedAt) return;
  const TranscriptCounts more = counts_of(look_at(part, preprocessor_, threads_, progress));
  counts_.examples += more.examples;
  counts_.cut += more.cut;
  counts_.tokens += more.tokens;
  counts_.unknown += more.unknown;
  counts_.with_unknown += more.with_unknown;
}

void LossesOfParts::tell(Progress& progress) const {
  tell_losses(counts_, examples_, nouns_, preprocessor_, in_pieces_, progress);
}

}  // namespace enxerto

#include "enxerto/workflow/readable_examples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {
namespace {

/// Why the example cannot be read; "" where it can.
std::string reason_against(const Dataset& dataset, std::size_t position, const Preprocessor& preprocessor) {
  const std::unique_ptr<Example> example = dataset.get(position);
  if (example->in_memory()) return "";
  try {
    preprocessor.check_readable(fields_of(dataset, *example), example->id());
    return "";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    return error.what();
  }
}

}  // namespace

ReadableExamples readable_examples(const Dataset& dataset, const Preprocessor& preprocessor,
                                   const ExtractOptions& options, std::vector<BadExample>& bad, Progress& progress) {
  const std::vector<Hash128> contents = content_hashes(dataset, options, bad, progress);
  std::vector<std::string> reasons(contents.size());
  if (options.on_bad != OnBad::error) {
    progress.begin("check", contents.size());
    parallel_for(resolve_threads(options.threads), contents.size(), [&](std::size_t position) {
      throw_if_cancelled(progress);
      if (contents[position] != Hash128{}) reasons[position] = reason_against(dataset, position, preprocessor);
      progress.advance(1);
    });
    progress.end();
  }
  ReadableExamples readable;
  for (std::size_t position = 0; position < contents.size(); ++position) {
    if (contents[position] == Hash128{}) continue;
    if (!reasons[position].empty()) {
      bad.push_back({dataset.get(position)->id(), reasons[position]});
      continue;
    }
    readable.positions.push_back(position);
    readable.contents.push_back(contents[position]);
  }
  require_few(bad, dataset.size(), options.on_bad, nouns_of(dataset.info().inputs));
  return readable;
}

void require_some(std::span<const BadExample> bad, std::size_t read, std::string_view nouns) {
  if (bad.empty() || read > 0) return;
  const std::string& reason = bad.front().reason;
  throw data_error("data",
                   fmt::format("none of the {} {} can be read (first: {})", bad.size(), nouns,
                               reason.substr(0, reason.find("; expected "))),
                   fmt::format("{} that can be read", nouns), "look at the first ones: enxerto inspect DATA");
}

void require_readable_part(const Dataset& dataset, const DatasetPart& part, std::span<const std::size_t> positions) {
  const auto inside = [&](std::size_t position) { return position >= part.begin && position < part.end; };
  if (part.begin == part.end || std::ranges::any_of(positions, inside)) return;
  const std::string nouns(nouns_of(dataset.info().inputs));
  throw data_error(
      "data", fmt::format("none of the {} {} {} can be read", part.end - part.begin, part.name, nouns),
      fmt::format("{} {} that can be read", part.name, nouns),
      fmt::format("mend them, or leave that part out: without it some of the training {} are held out", nouns));
}

void report_lost_classes(const Dataset& dataset, std::size_t end, std::span<const std::size_t> positions,
                         Progress& progress) {
  const std::vector<std::string>& classes = dataset.info().target.names;
  const std::string nouns(nouns_of(dataset.info().inputs));
  if (std::ranges::none_of(positions, [&](std::size_t position) { return position < end; }))
    throw data_error("data", fmt::format("none of the {} {} to learn from can be read", end, nouns),
                     fmt::format("{} that can be read", nouns), "look at the first ones: enxerto inspect DATA");
  std::vector<std::size_t> all(classes.size()), read(classes.size());
  const auto count = [&](std::size_t position, std::vector<std::size_t>& counts) {
    const std::int64_t stratum = position < end ? stratum_of(dataset, position) : -1;
    if (stratum >= 0) ++counts[static_cast<std::size_t>(stratum)];
  };
  for (std::size_t i = 0; i < end; ++i) count(i, all);
  for (const std::size_t position : positions) count(position, read);
  std::vector<std::string> lost, names;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (all[c] == 0 || read[c] > 0) continue;
    names.push_back(printable(classes[c]));
    lost.push_back(fmt::format("none of the {} {} of {} can be read", all[c], nouns, names.back()));
  }
  if (lost.empty()) return;
  if (std::ranges::count_if(read, [](std::size_t n) { return n > 0; }) < 2)
    throw data_error("data", few_names(lost), "examples of at least two classes",
                     "mend them, or leave their class out");
  if (lost.size() == 1) return progress.notice(lost.front() + ": nothing is learned of this class");
  progress.notice(fmt::format("none of the {} of {} classes can be read, of which nothing is learned: {}", nouns,
                              lost.size(), few_names(names)));
}

}  // namespace enxerto

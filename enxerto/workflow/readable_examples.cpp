#include "enxerto/workflow/readable_examples.h"

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/example_fields.h"

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
  if (options.on_bad == OnBad::skip) {
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
  return readable;
}

}  // namespace enxerto

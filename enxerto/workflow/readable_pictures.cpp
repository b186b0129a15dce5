#include "enxerto/workflow/readable_pictures.h"

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"

namespace enxerto {
namespace {

/// Why the example cannot be decoded; "" where it can.
std::string reason_against(const Example& example, const ImagePreprocess& preprocess) {
  if (example.in_memory()) return "";
  try {
    decode(example, example.field(0), decode_options(preprocess));
    return "";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    return error.what();
  }
}

}  // namespace

ReadablePictures readable_pictures(const Dataset& dataset, const ImagePreprocess& preprocess,
                                   const ExtractOptions& options, std::vector<BadExample>& bad, Progress& progress) {
  const std::vector<Hash128> contents = content_hashes(dataset, options, bad, progress);
  std::vector<std::string> reasons(contents.size());
  if (options.on_bad == OnBad::skip) {
    progress.begin("look at pictures", contents.size());
    parallel_for(resolve_threads(options.threads), contents.size(), [&](std::size_t position) {
      throw_if_cancelled(progress);
      if (contents[position] != Hash128{}) reasons[position] = reason_against(*dataset.get(position), preprocess);
      progress.advance(1);
    });
    progress.end();
  }
  ReadablePictures readable;
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

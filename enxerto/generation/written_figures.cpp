#include "enxerto/generation/written_figures.h"

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"
#include "enxerto/generation/written_transcripts.h"
#include "enxerto/generation/written_translations.h"

namespace enxerto {
namespace {

const WritingRow& row_of(const Preprocessor& preprocessor) {
  static const std::array<WritingRow, 2> rows{written_translations_row(), written_transcripts_row()};
  const std::string kind = preprocessor.record().value("kind", "");
  const auto* const found = std::ranges::find(rows, kind, &WritingRow::kind);
  if (found == rows.end())
    throw usage_error("backbone", "a network that writes no texts", "one that does", "another task, or network");
  return *found;
}

}  // namespace

MetricsReport unwritten(const Preprocessor& preprocessor) { return row_of(preprocessor).unwritten(); }

std::string suspected_swap(const WrittenRequest& request, Progress& progress) {
  const WritingRow& row = row_of(request.preprocessor);
  return row.swap == nullptr ? "" : row.swap(request, progress);
}

WrittenEvaluation written_figures(const WrittenRequest& request, Progress& progress) {
  return row_of(request.preprocessor).write(request, progress);
}

bool is_better(const MetricValue& one, const MetricValue& other) {
  return one.higher_is_better ? one.value > other.value : one.value < other.value;
}

}  // namespace enxerto

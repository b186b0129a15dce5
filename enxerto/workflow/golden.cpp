#include "enxerto/workflow/golden.h"

#include <algorithm>
#include <set>
#include <utility>

#include "enxerto/base/collate.h"
#include "enxerto/engine/executor.h"
#include "enxerto/transfer/phase_cut.h"

namespace enxerto {
namespace {

constexpr std::size_t kGoldenExamples = 4;

/// Preprocessed examples, each (n, ..), by "input/NAME".
TensorMap encoded(const DatasetPtr& few, const PreprocessorPtr& preprocessor, const ExtractOptions& options) {
  const Extracted extracted = extract(*few, {.preprocessor = preprocessor, .description = "golden pixels"}, options);
  TensorMap named;
  for (const auto& [name, tensor] : collate(extracted.stored, 0, extracted.stored.size()))
    named.set("input/" + name, tensor);
  return named;
}

}  // namespace

std::vector<std::size_t> golden_positions(const Dataset& dataset, std::span<const std::size_t> among) {
  std::set<std::int64_t> strata;
  std::vector<std::size_t> positions;
  const auto add = [&](bool new_stratum_only) {
    for (const std::size_t position : among) {
      if (positions.size() == kGoldenExamples) return;
      if (std::ranges::find(positions, position) != positions.end()) continue;
      if (strata.insert(stratum_of(dataset, position)).second || !new_stratum_only) positions.push_back(position);
    }
  };
  add(true);
  add(false);
  std::ranges::sort(positions);
  return positions;
}

TensorMap golden_tensors(const DatasetPtr& dataset, std::vector<std::size_t> positions, const GoldenNetwork& golden,
                         const ExtractOptions& options) {
  const DatasetPtr few = subset(dataset, std::move(positions));
  TensorMap tensors = encoded(few, golden.preprocessor, options);
  Halves halves = cut_for_phase(golden.network, golden.cut);
  const Extracted values = extract(
      *few,
      {.prefix = std::move(halves.prefix), .preprocessor = golden.preprocessor, .description = golden.description},
      options);
  const auto executor = compile(halves.suffix, {.threads = options.threads,
                                                .streams = 1,
                                                .precision = Precision::fp32,
                                                .batch = static_cast<int>(values.stored.size())});
  for (const auto& [name, output] : executor->run(collate(values.stored, 0, values.stored.size())))
    tensors.set("output/" + name, output);
  return tensors;
}

}  // namespace enxerto

#include "enxerto/workflow/golden.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/collate.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/engine/executor.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/transfer/phase_cut.h"

namespace enxerto {
namespace {

constexpr std::size_t kGoldenExamples = 4;

class MadeUpExample final : public Example {
 public:
  MadeUpExample(std::vector<Field> fields, std::size_t number) : fields_(std::move(fields)), number_(number) {}
  std::string id() const override { return fmt::format("made-up example {}", number_); }
  Field field(std::size_t input) const override { return fields_.at(input); }
  std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }
  bool in_memory() const override { return true; }

 private:
  std::vector<Field> fields_;
  std::size_t number_;
};

class MadeUpExamples final : public Dataset {
 public:
  explicit MadeUpExamples(PreprocessorPtr preprocessor) : preprocessor_(std::move(preprocessor)) {
    for (const Field& field : preprocessor_->sample(0)) info_.inputs.push_back(field.medium);
  }
  std::size_t size() const override { return kGoldenExamples; }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<MadeUpExample>(preprocessor_->sample(position), position);
  }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t /*position*/) const override { return {}; }

 private:
  PreprocessorPtr preprocessor_;
  DatasetInfo info_;
};

/// Preprocessed examples, each (n, ..), by "input/NAME".
TensorMap encoded(const Dataset& few, const Preprocessor& preprocessor) {
  BatchInputs batch(preprocessor.inputs(), few.size());
  for (std::size_t i = 0; i < few.size(); ++i) {
    const std::unique_ptr<Example> example = few.get(i);
    const std::string id = example->id();
    BatchInputs::Slots slots = batch.slots(i);
    preprocessor.encode(fields_of(few, *example), {.where = id}, slots);
  }
  TensorMap named;
  for (const auto& [name, tensor] : batch.collect(few.size())) named.set("input/" + name, tensor);
  return named;
}

}  // namespace

DatasetPtr made_up_examples(const PreprocessorPtr& preprocessor) {
  return std::make_shared<MadeUpExamples>(preprocessor);
}

DatasetPtr real_examples(const DatasetPtr& dataset, std::span<const std::size_t> among) {
  std::set<std::int64_t> strata;
  std::vector<std::size_t> positions;
  const auto add = [&](bool new_stratum_only) {
    for (const std::size_t position : among) {
      if (positions.size() == kGoldenExamples) return;
      if (std::ranges::find(positions, position) != positions.end()) continue;
      if (strata.insert(stratum_of(*dataset, position)).second || !new_stratum_only) positions.push_back(position);
    }
  };
  add(true);
  add(false);
  std::ranges::sort(positions);
  return subset(dataset, std::move(positions));
}

TensorMap golden_tensors(const Dataset& few, const GoldenNetwork& golden, const ExtractOptions& options) {
  TensorMap tensors = encoded(few, *golden.preprocessor);
  Halves halves = cut_for_phase(golden.network, golden.cut);
  ExtractOptions at_the_cut = options;
  if (halves.prefix.nodes.empty()) at_the_cut.cache = nullptr;
  const Extracted values = extract(
      few, {.prefix = std::move(halves.prefix), .preprocessor = golden.preprocessor, .description = golden.description},
      at_the_cut);
  const auto executor = compile(halves.suffix, {.threads = options.threads,
                                                .streams = 1,
                                                .precision = Precision::fp32,
                                                .batch = static_cast<int>(values.stored.size())});
  for (const auto& [name, output] : executor->run(collate(values.stored, 0, values.stored.size())))
    tensors.set("output/" + name, output);
  return tensors;
}

}  // namespace enxerto

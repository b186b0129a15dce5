#include "enxerto/data/windows.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

class WindowExample final : public Example {
 public:
  WindowExample(std::unique_ptr<Example> whole, std::size_t window)
      : whole_(std::move(whole)), window_(static_cast<std::uint32_t>(window)) {}

  std::string id() const override { return whole_->id(); }
  std::string group() const override { return whole_->group(); }
  Field field(std::size_t input) const override {
    Field field = whole_->field(input);
    field.window = window_;
    return field;
  }
  /// What is remembered of a file is the hash of the whole.
  std::optional<FileIdentity> file(std::size_t input) const override {
    return window_ == 0 ? whole_->file(input) : std::nullopt;
  }
  bool in_memory() const override { return whole_->in_memory(); }

 private:
  std::unique_ptr<Example> whole_;
  std::uint32_t window_;
};

class WindowRows final : public DatasetView {
 public:
  WindowRows(DatasetPtr examples, PreprocessorPtr preprocessor, std::vector<std::size_t> ends)
      : DatasetView(std::move(examples)), preprocessor_(std::move(preprocessor)), ends_(std::move(ends)) {}

  std::size_t size() const override { return ends_.empty() ? 0 : ends_.back(); }

  std::unique_ptr<Example> get(std::size_t position) const override {
    const std::size_t example = example_of(position);
    return std::make_unique<WindowExample>(below().get(example), position - first_row(example));
  }

  Tensor target(std::size_t position) const override {
    const Tensor whole = below().target(example_of(position));
    const TargetKind* kind = find_target_kind(info().target.kind);
    if (whole.size() == 0 || kind == nullptr || kind->placed == nullptr) return whole;
    const std::unique_ptr<Example> row = get(position);
    return kind->placed(whole, map_of(*preprocessor_, fields_of(*this, *row), row->id()));
  }

 private:
  std::size_t example_of(std::size_t row) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends_, row) - ends_.begin());
  }
  std::size_t first_row(std::size_t example) const { return example == 0 ? 0 : ends_[example - 1]; }

  PreprocessorPtr preprocessor_;
  std::vector<std::size_t> ends_;
};

std::size_t counted_windows(const Dataset& dataset, std::size_t position, const Preprocessor& preprocessor) {
  try {
    const std::unique_ptr<Example> example = dataset.get(position);
    return preprocessor.windows(fields_of(dataset, *example), example->id());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    return 1;  // what is wrong with it is told when it is read
  }
}

}  // namespace

ExampleWindows::ExampleWindows(DatasetPtr examples, PreprocessorPtr preprocessor, int threads, Progress& progress)
    : rows_(std::move(examples)) {
  if (!preprocessor->divides()) return;
  ends_.resize(rows_->size());
  parallel_for(resolve_threads(threads), ends_.size(), [&](std::size_t i) {
    throw_if_cancelled(progress);
    ends_[i] = counted_windows(*rows_, i, *preprocessor);
  });
  std::size_t end = 0;
  for (std::size_t& rows : ends_) rows = end += rows;
  rows_ = std::make_shared<WindowRows>(std::move(rows_), std::move(preprocessor), ends_);
}

std::vector<std::size_t> ExampleWindows::rows_of(std::span<const std::size_t> examples) const {
  std::vector<std::size_t> rows;
  rows.reserve(examples.size());
  for (const std::size_t example : examples)
    for (std::size_t row = first_row(example); row < first_row(example + 1); ++row) rows.push_back(row);
  return rows;
}

std::vector<Field> windowed(std::vector<Field> fields, std::size_t window) {
  for (Field& field : fields) field.window = static_cast<std::uint32_t>(window);
  return fields;
}

Tensor map_of(const Preprocessor& preprocessor, std::span<const Field> fields, std::string_view where) {
  OwnSlots slots(preprocessor.inputs());
  return preprocessor.encode(fields, {.where = where}, slots).map;
}

}  // namespace enxerto

#include "enxerto/features/extraction_worker.h"

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/features/row_key.h"
#include "enxerto/media/doubt.h"

namespace enxerto {

ExtractionWorker::ExtractionWorker(Extraction& work)
    : work_(work), batches_(work.prefix_, [this](const PrefixBatches::Batch& batch) { keep(batch); }) {}

void ExtractionWorker::run() {
  try {
    const std::size_t batch = work_.prefix_.batch();
    for (;;) {
      const auto positions = work_.next(batch - batches_.waiting() % batch);
      for (const std::size_t position : positions) take(position);
      if (work_.stop_) return;
      if (!positions.empty()) continue;
      batches_.finish();
      return;
    }
  } catch (...) {
    work_.stop_ = true;
    throw;
  }
}

void ExtractionWorker::take(std::size_t position) {
  if (work_.stop_) return;
  const std::unique_ptr<Example> example = work_.dataset_.get(position);
  Hash128& content = work_.contents_[position];
  const bool known = content != Hash128{};
  try {
    const ExampleFiles files = files_of(work_.dataset_, *example);
    const std::vector<Field> fields = fields_of(work_.dataset_, *example);
    const std::vector<Hash128> parts = field_hashes(fields);
    const Hash128 read = content_hash(parts);
    if (read != content) work_.new_hashes_.add(files, parts);
    content = read;
    if (!work_.claim(content, position)) {
      work_.progress_.advance(1);
      return;
    }
    RowPlace& place = work_.places_[position];
    // Another process may have been faster.
    if (!known || (place.state == RowPlace::State::missing && work_.store_->is_shared())) find(content, place);
    if (place.found())
      work_.progress_.advance(1);
    else
      encode(*example, fields, position);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data || work_.options_.on_bad == OnBad::error) throw;
    work_.skip(position, error);
    work_.progress_.advance(1);
  }
}

void ExtractionWorker::find(const Hash128& content, RowPlace& place) const {
  const Hash128 key = work_.key(content);
  work_.store_->find({&key, 1}, {&place, 1});
}

void ExtractionWorker::encode(const Example& example, std::span<const Field> fields, std::size_t position) {
  const FeatureSource& source = work_.source_;
  const std::string id = example.id();
  View view{.where = id};
  if (source.view >= 0) {
    view.augment = &source.augmentation;
    view.key = view_key(source.augment_seed, static_cast<std::uint64_t>(source.view), work_.contents_[position]);
  }
  batches_.add(position, fields, view);
  if (std::string reason = doubt(fields); !reason.empty()) work_.doubt(position, std::move(reason));
}

/// The rows of a matrix lie in the output as they are kept; other records are written one by one.
NewRecords ExtractionWorker::recorded(const PrefixBatches::Batch& batch) {
  const RowValues& values = work_.prefix_.values();
  const RowLayout& layout = values.layout();
  const DType storage = work_.source_.storage;
  if (layout.is_matrix()) {
    const std::size_t count = batch.examples.size() * element_count(layout.values[0].shape);
    const std::span<const float> rows = batch.outputs.at(layout.values[0].name).as<float>().first(count);
    if (storage == DType::f32) return {.bytes = std::as_bytes(rows)};
    records_.resize(rows.size() * size_of(storage));
    to_stored(rows, storage, records_);
    return {.bytes = records_};
  }
  records_.clear();
  lengths_.clear();
  for (std::size_t i = 0; i < batch.examples.size(); ++i) {
    const std::vector<Tensor> row = values.of(batch.outputs, i, batch.lengths[i]);
    const std::size_t bytes = record_bytes(layout, storage, row);
    records_.resize(records_.size() + bytes);
    write_record(layout, storage, row, std::span(records_).last(bytes));
    lengths_.push_back(bytes);
  }
  return {.bytes = records_, .lengths = lengths_};
}

void ExtractionWorker::keep(const PrefixBatches::Batch& batch) {
  std::vector<Hash128> contents;
  for (const std::size_t position : batch.examples) contents.push_back(work_.key(work_.contents_[position]));
  const std::vector<RowPlace> places = work_.store_->append(contents, recorded(batch));
  for (std::size_t i = 0; i < places.size(); ++i) {
    RowPlace& place = work_.places_[batch.examples[i]];
    if (place.state == RowPlace::State::damaged) ++work_.repaired_;
    place = places[i];
  }
  work_.computed_ += places.size();
  work_.progress_.advance(places.size());
}

}  // namespace enxerto

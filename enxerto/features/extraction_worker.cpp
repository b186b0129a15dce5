#include "enxerto/features/extraction_worker.h"

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/features/row_key.h"

namespace enxerto {

ExtractionWorker::ExtractionWorker(Extraction& work) : work_(work), inputs_(work.prefix_.inputs()) {}

void ExtractionWorker::run() {
  try {
    const std::size_t batch = work_.prefix_.batch();
    for (;;) {
      const auto positions = work_.next(batch - positions_.size());
      for (const std::size_t position : positions) take(position);
      if (!positions.empty() && positions_.size() < batch) continue;
      if (positions_.empty() || work_.stop_) return;
      run_batch();
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
    work_.skip(position, error.what());
    work_.progress_.advance(1);
  }
}

void ExtractionWorker::find(const Hash128& content, RowPlace& place) const {
  const Hash128 key = work_.key(content);
  work_.store_->find({&key, 1}, {&place, 1});
}

std::span<const std::byte> ExtractionWorker::as_stored(std::span<const float> rows) {
  if (work_.source_.storage == DType::f32) return std::as_bytes(rows);
  stored_.resize(rows.size() * size_of(work_.source_.storage));
  to_stored(rows, work_.source_.storage, stored_);
  return stored_;
}

void ExtractionWorker::encode(const Example& example, std::span<const Field> fields, std::size_t position) {
  const FeatureSource& source = work_.source_;
  const std::string id = example.id();
  View view{.where = id};
  if (source.view >= 0) {
    view.augment = &source.augmentation;
    view.key = view_key(source, work_.contents_[position]);
  }
  BatchInputs::Slots slots = inputs_.slots(positions_.size());
  source.preprocessor->encode(fields, view, slots);
  positions_.push_back(position);
}

void ExtractionWorker::run_batch() {
  Tensor keep;
  const std::span<const float> rows = work_.prefix_.run(inputs_, positions_.size(), keep);
  std::vector<Hash128> contents;
  for (const std::size_t position : positions_) contents.push_back(work_.key(work_.contents_[position]));
  RowPlace place = work_.store_->append(contents, as_stored(rows));
  for (const std::size_t position : positions_) {
    if (work_.places_[position].state == RowPlace::State::damaged) ++work_.repaired_;
    work_.places_[position] = place;
    ++place.row;
  }
  work_.computed_ += positions_.size();
  work_.progress_.advance(positions_.size());
  positions_.clear();
}

}  // namespace enxerto

#include "enxerto/features/extraction_worker.h"

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/features/aligned_floats.h"
#include "enxerto/features/row_key.h"

namespace enxerto {

ExtractionWorker::ExtractionWorker(Extraction& work)
    : work_(work),
      inputs_(aligned_floats(work.prefix_.input_width() * static_cast<std::size_t>(work.prefix_.batch()))) {
  // The engine always runs the whole batch: what nobody wants must be numbers too.
  std::fill_n(inputs_.get(), work.prefix_.input_width() * static_cast<std::size_t>(work.prefix_.batch()), 0.0F);
}

void ExtractionWorker::run() {
  try {
    const auto batch = static_cast<std::size_t>(work_.prefix_.batch());
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
    const std::optional<FileIdentity> file = example->file(0);
    const Field field = example->field(0);
    const Hash128 read = content_hash(field);
    if (read != content) work_.new_hashes_.add(file, read);
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
      add_picture(*example, field, position);
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
  if (work_.source_.rows == DType::f32) return std::as_bytes(rows);
  stored_.resize(rows.size() * size_of(work_.source_.rows));
  to_stored(rows, work_.source_.rows, stored_);
  return stored_;
}

void ExtractionWorker::add_picture(const Example& example, const Field& field, std::size_t position) {
  const ImagePreprocess& preprocess = work_.source_.preprocess;
  const std::size_t width = work_.prefix_.input_width();
  const std::span<float> input(inputs_.get() + positions_.size() * width, width);
  if (work_.source_.view < 0) {
    preprocess_into(decode(example, field, decode_options(preprocess)), preprocess, input);
  } else {
    const Augmentation& augmentation = work_.source_.augmentation;
    const Image image = decode(example, field, decode_options(preprocess, augmentation));
    augment_into(image, preprocess, augmentation, view_key(work_.source_, work_.contents_[position]), input);
  }
  positions_.push_back(position);
}

void ExtractionWorker::run_batch() {
  Tensor keep;
  const std::span<const float> rows = work_.prefix_.run(inputs_, positions_.size(), keep);
  std::vector<Hash128> contents;
  for (const std::size_t position : positions_) contents.push_back(work_.key(work_.contents_[position]));
  const std::vector<RowPlace> places = work_.store_->append(contents, {.bytes = as_stored(rows)});
  for (std::size_t i = 0; i < places.size(); ++i) {
    RowPlace& place = work_.places_[positions_[i]];
    if (place.state == RowPlace::State::damaged) ++work_.repaired_;
    place = places[i];
  }
  work_.computed_ += positions_.size();
  work_.progress_.advance(positions_.size());
  positions_.clear();
}

}  // namespace enxerto

#include "enxerto/features/extraction_worker.h"

#include <algorithm>
#include <new>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::align_val_t kAlignment{64};

std::shared_ptr<float[]> aligned_floats(std::size_t count) {
  auto* memory = static_cast<float*>(::operator new[](count * sizeof(float), kAlignment));
  std::fill_n(memory, count, 0.0F);
  return {memory, [](float* floats) { ::operator delete[](floats, kAlignment); }};
}

}  // namespace

ExtractionWorker::ExtractionWorker(Extraction& work)
    : work_(work),
      inputs_(aligned_floats(work.prefix_.input_width() * static_cast<std::size_t>(work.prefix_.batch()))) {}

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
    const std::optional<FileIdentity> file = example->file();
    const Tensor bytes = example->bytes();
    const Hash128 read = content_hash(*example, bytes);
    if (read != content) work_.new_hashes_.add(file, read);
    content = read;
    if (!work_.claim(content, position)) {
      work_.progress_.advance(1);
      return;
    }
    RowPlace& place = work_.places_[position];
    // Another process may have been faster.
    if (!known || (place.state == RowPlace::State::missing && work_.store_->is_shared()))
      work_.store_->find({&content, 1}, {&place, 1});
    if (place.found())
      work_.progress_.advance(1);
    else
      add_picture(*example, bytes, position);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data || work_.options_.on_bad == OnBad::error) throw;
    work_.skip(position, error.what());
    work_.progress_.advance(1);
  }
}

void ExtractionWorker::add_picture(const Example& example, const Tensor& bytes, std::size_t position) {
  const ImagePreprocess& preprocess = work_.source_.preprocess;
  const std::size_t width = work_.prefix_.input_width();
  const Image image = decode(example, bytes, decode_options(preprocess));
  preprocess_into(image, preprocess, {inputs_.get() + positions_.size() * width, width});
  positions_.push_back(position);
}

void ExtractionWorker::run_batch() {
  Tensor keep;
  const std::span<const float> rows = work_.prefix_.run(inputs_, positions_.size(), keep);
  std::vector<Hash128> contents;
  for (const std::size_t position : positions_) contents.push_back(work_.contents_[position]);
  RowPlace place = work_.store_->append(contents, rows);
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

#include "enxerto/media/image/resample.h"

#include <algorithm>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

void plan_once(AxisPlan& plan, const Axis& axis) {
  if (plan.first.empty() || plan.axis != axis) plan = plan_axis(axis);
}

RgbRows rows_of(const Image& image, std::size_t first_row) {
  const std::size_t stride = to_size(image.width) * 3;
  const std::uint8_t* begin = image.pixels.data();
  return {begin + first_row * stride, stride, begin + image.pixels.size()};
}

/// The order of the two passes shows in the last bit. Pillow 13's: down first where the height shrinks by more than
/// twice what the width does. (Until version 12 it went across first always.) It also keeps what lies between the
/// passes smaller than the picture or the result.
bool is_down_first(const Axis& across, const Axis& down) {
  const std::int64_t shrinks = std::int64_t{down.from} - down.to;
  return shrinks > 0 && shrinks > (std::int64_t{across.from} - across.to) * 2;
}

}  // namespace

Resampler& thread_resampler() {
  thread_local Resampler resampler;
  return resampler;
}

void Resampler::run(const Image& image, const Axis& across, const Axis& down, const RowSink& sink) {
  if (across.filter == Filter::nearest) {
    nearest(image, across, down, sink);
    return;
  }
  // A direction that keeps its size has no pass.
  if (across.changes_size()) plan_once(across_, across);
  if (down.changes_size()) plan_once(down_, down);
  if (across.changes_size() && down.changes_size()) {
    is_down_first(across, down) ? down_first(image, sink) : across_first(image, sink);
  } else if (across.changes_size()) {
    only_across(image, down, sink);
  } else if (down.changes_size()) {
    only_down(image, across, sink);
  } else {
    for (int y = 0; y < down.count; ++y) {
      const RgbRows rows = rows_of(image, to_size(down.begin + y));
      sink(to_size(y), rows.first + std::ptrdiff_t{across.begin} * 3);
    }
  }
}

void Resampler::nearest(const Image& image, const Axis& across, const Axis& down, const RowSink& sink) {
  const std::vector<std::int32_t> columns = nearest_inputs(across), rows = nearest_inputs(down);
  row_.resize(columns.size() * 3);
  for (std::size_t y = 0; y < rows.size(); ++y) {
    const std::uint8_t* from = rows_of(image, to_size(rows[y])).first;
    std::uint8_t* to = row_.data();
    for (const std::int32_t column : columns) to = std::copy_n(from + std::ptrdiff_t{column} * 3, 3, to);
    sink(y, row_.data());
  }
}

void Resampler::only_across(const Image& image, const Axis& down, const RowSink& sink) {
  row_.resize(to_size(across_.axis.count) * 3);
  for (std::size_t y = 0; y < to_size(down.count); ++y) {
    kernels_->across(across_, rows_of(image, to_size(down.begin) + y), 1, row_.data(), row_.size());
    sink(y, row_.data());
  }
}

void Resampler::only_down(const Image& image, const Axis& across, const RowSink& sink) {
  row_.resize(to_size(across.count) * 3);
  for (std::size_t y = 0; y < down_.first.size(); ++y) {
    const RgbRows rows = rows_of(image, to_size(down_.first[y]));
    const std::uint8_t* from = rows.first + std::ptrdiff_t{across.begin} * 3;
    kernels_->down(down_, y, from, rows.stride, row_.size(), row_.data());
    sink(y, row_.data());
  }
}

void Resampler::across_first(const Image& image, const RowSink& sink) {
  const std::size_t bytes = to_size(across_.axis.count) * 3;
  const auto begin = to_size(down_.input_begin()), end = to_size(down_.input_end());
  between_.resize((end - begin) * bytes);
  row_.resize(bytes);
  kernels_->across(across_, rows_of(image, begin), end - begin, between_.data(), bytes);
  for (std::size_t y = 0; y < down_.first.size(); ++y) {
    const std::size_t first = to_size(down_.first[y]) - begin;
    kernels_->down(down_, y, between_.data() + first * bytes, bytes, bytes, row_.data());
    sink(y, row_.data());
  }
}

void Resampler::down_first(const Image& image, const RowSink& sink) {
  // A few rows at a time are enough, and as many as the kernels take at once are fastest. Room behind the last row lets
  // them read without a copy.
  constexpr std::size_t kRows = 4, kRoom = 32;
  const std::size_t bytes = to_size(across_.axis.count) * 3;
  const auto begin = to_size(across_.input_begin()) * 3;
  const std::size_t needed = to_size(across_.input_end()) * 3 - begin;
  const std::size_t stride = begin + needed + kRoom;
  between_.resize(kRows * stride);
  row_.resize(kRows * bytes);
  for (std::size_t y = 0; y < down_.first.size(); y += kRows) {
    const std::size_t count = std::min(kRows, down_.first.size() - y);
    for (std::size_t i = 0; i < count; ++i) {
      const RgbRows rows = rows_of(image, to_size(down_.first[y + i]));
      kernels_->down(down_, y + i, rows.first + begin, rows.stride, needed, between_.data() + i * stride + begin);
    }
    kernels_->across(across_, {between_.data(), stride, between_.data() + between_.size()}, count, row_.data(), bytes);
    for (std::size_t i = 0; i < count; ++i) sink(y + i, row_.data() + i * bytes);
  }
}

}  // namespace enxerto

#include <algorithm>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/bmp_header.h"

namespace enxerto::image_format {
namespace {

/// The run-length decoder of Pillow (BmpImagePlugin.BmpRleDecoder), whose reading of odd files is taken over as it is.
class Runs {
 public:
  Runs(const Source& source, const BmpHeader& header)
      : source_(source),
        nibbles_(header.compression == BmpCompression::rle4),
        width_(to_size(header.width)),
        count_(width_ * to_size(header.height)),
        at_(std::min(header.pixels, source.size())) {}

  std::vector<std::uint8_t> read() {
    bool more = true;
    while (more && indices_.size() < count_ && left() >= 2) {
      const std::size_t length = take();
      const std::uint8_t value = take();
      more = length > 0 ? repeat(length, value) : escape(value);
    }
    if (indices_.size() < count_) throw_damaged(source_, "BMP", "its runs end too early");
    return std::move(indices_);
  }

 private:
  std::size_t left() const { return source_.size() - at_; }
  std::uint8_t take() { return source_.data()[at_++]; }
  static std::uint8_t high(std::uint8_t byte) { return byte >> 4; }
  static std::uint8_t low(std::uint8_t byte) { return byte & 15; }

  /// `length` pixels of one value (RLE8) or of two in turn (RLE4); what does not fit into the row is dropped.
  bool repeat(std::size_t length, std::uint8_t value) {
    const std::size_t fits = std::min(length, width_ > x_ ? width_ - x_ : 0);
    for (std::size_t i = 0; i < fits; ++i) {
      indices_.push_back(!nibbles_ ? value : (i % 2 == 0 ? high(value) : low(value)));
    }
    x_ += fits;
    return true;
  }

  bool escape(std::uint8_t code) {
    if (code == 0) {  // end of row
      indices_.resize(std::min(count_, (indices_.size() + width_ - 1) / width_ * width_));
      x_ = 0;
      return true;
    }
    if (code == 1) return false;  // end of picture
    if (code == 2) return jump();
    return literal(code);
  }

  bool jump() {
    if (left() < 2) return false;
    const std::size_t right = take();
    const std::size_t up = take();
    indices_.resize(std::min(count_, indices_.size() + right + up * width_));
    x_ = indices_.size() % width_;
    return true;
  }

  bool literal(std::size_t length) {
    const std::size_t wanted = std::min(count_ - indices_.size(), length);
    const std::size_t bytes = nibbles_ ? (wanted + 1) / 2 : wanted;
    if (left() < bytes) return false;
    for (std::size_t i = 0; i < bytes; ++i) {
      const std::uint8_t byte = take();
      indices_.push_back(nibbles_ ? high(byte) : byte);
      if (nibbles_ && i * 2 + 1 < wanted) indices_.push_back(low(byte));
    }
    x_ += length;
    at_ = std::min(at_ + at_ % 2, source_.size());
    return true;
  }

  const Source& source_;
  bool nibbles_;
  std::size_t width_, count_;
  std::size_t at_, x_ = 0;
  std::vector<std::uint8_t> indices_;
};

}  // namespace

std::vector<std::uint8_t> read_bmp_runs(const Source& source, const BmpHeader& header) {
  return Runs(source, header).read();
}

}  // namespace enxerto::image_format

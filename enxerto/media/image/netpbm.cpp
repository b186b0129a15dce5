#include <algorithm>
#include <charconv>
#include <cstdint>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/format.h"

namespace enxerto::image_format {
namespace {

constexpr std::int64_t kMostMaximum = 65535;

bool is_space(std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Goes through a file of the netpbm family (https://netpbm.sourceforge.net/doc/ppm.html).
class NetpbmReader {
 public:
  explicit NetpbmReader(const Source& source) : source_(source), kind_(source.data()[1] - '0') {}

  Decoded read() {
    const std::int64_t width = number(), height = number();
    maximum_ = is_bits() ? 1 : number();
    if (maximum_ < 1 || maximum_ > kMostMaximum) throw_damaged(source_, "PNM", "a largest sample out of 1 to 65535");
    if (!is_text()) pass_one_space();
    Decoded decoded{.image = blank(source_, width, height)};
    const std::size_t samples = colours() == 3 ? 3 : 1;
    if (!is_text()) require_bytes(to_size(width) * samples, to_size(height));
    std::uint8_t* to = decoded.image.pixels.data();
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = 0; x < width; ++x) {
        std::generate_n(to, samples, [&] { return sample(x); });
        std::fill(to + samples, to + 3, *to);
        to += 3;
      }
      if (kind_ == 4) at_ += (to_size(width) + 7) / 8;
    }
    return decoded;
  }

 private:
  bool is_text() const { return kind_ <= 3; }
  bool is_bits() const { return kind_ == 1 || kind_ == 4; }
  int colours() const { return kind_ == 3 || kind_ == 6 ? 3 : 1; }
  std::size_t sample_bytes() const { return maximum_ > 255 ? 2 : 1; }

  /// Spaces, and comments from # to the end of the line.
  void pass_spaces() {
    while (at_ < source_.size() && (is_space(source_.data()[at_]) || source_.data()[at_] == '#')) {
      if (source_.data()[at_] == '#')
        while (at_ < source_.size() && source_.data()[at_] != '\n') ++at_;
      else
        ++at_;
    }
  }

  void pass_one_space() {
    if (at_ == source_.size() || !is_space(source_.data()[at_])) throw_damaged(source_, "PNM", "a header without end");
    ++at_;
  }

  std::int64_t number() {
    pass_spaces();
    const char* begin = reinterpret_cast<const char*>(source_.data()) + at_;
    const char* end = reinterpret_cast<const char*>(source_.data()) + source_.size();
    std::int64_t value = 0;
    const auto [after, error] = std::from_chars(begin, end, value);
    if (error != std::errc() || value < 0) throw_damaged(source_, "PNM", "no number where one belongs");
    at_ += to_size(after - begin);
    return value;
  }

  void require_bytes(std::size_t samples, std::size_t rows) const {
    const std::size_t row = kind_ == 4 ? (samples + 7) / 8 : samples * sample_bytes();
    if ((source_.size() - at_) / std::max<std::size_t>(row, 1) < rows)
      throw_damaged(source_, "PNM", "the data end too early");
  }

  /// The next sample, scaled to 0..255. Bits are 1 for black.
  std::uint8_t sample(std::int64_t x) {
    if (kind_ == 4) return (source_.data()[at_ + to_size(x) / 8] >> (7 - x % 8) & 1) != 0 ? 0 : 255;
    if (kind_ == 1) {
      pass_spaces();
      if (at_ == source_.size()) throw_damaged(source_, "PNM", "the data end too early");
      return source_.data()[at_++] == '1' ? 0 : 255;
    }
    std::int64_t value = 0;
    if (is_text()) {
      value = number();
    } else {
      for (std::size_t i = 0; i < sample_bytes(); ++i) value = value << 8 | source_.data()[at_++];
    }
    return static_cast<std::uint8_t>((std::min(value, maximum_) * 255 + maximum_ / 2) / maximum_);
  }

  const Source& source_;
  int kind_;
  std::int64_t maximum_ = 1;
  std::size_t at_ = 2;
};

}  // namespace

Decoded decode_netpbm(const Source& source) { return NetpbmReader(source).read(); }

}  // namespace enxerto::image_format

#pragma once
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {

/// Walks over bytes from outside, little-endian, never past their end: what is not there is Error{weights}.
class ByteCursor {
 public:
  ByteCursor(std::span<const std::byte> bytes, std::string_view where) : bytes_(bytes), where_(where) {}

  std::size_t position() const { return position_; }
  std::size_t left() const { return bytes_.size() - position_; }
  std::string_view where() const { return where_; }

  std::span<const std::byte> take(std::uint64_t count) {
    if (count > left()) {
      throw_weights_error(where_,
                          {.found = "ends at byte " + std::to_string(bytes_.size()) + ", inside a value",
                           .expected = std::to_string(count) + " more bytes from byte " + std::to_string(position_)});
    }
    const auto taken = bytes_.subspan(position_, to_size(count));
    position_ += taken.size();
    return taken;
  }

  template <typename T>
  T number() {
    T value{};
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }

  std::string_view text(std::uint64_t count) {
    const auto bytes = take(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  /// Up to the next newline, which is skipped.
  std::string_view line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + position_, left());
    const std::size_t length = rest.find('\n');
    if (length == std::string_view::npos) take(left() + 1);
    position_ += length + 1;
    return rest.substr(0, length);
  }

 private:
  std::span<const std::byte> bytes_;
  std::string_view where_;
  std::size_t position_ = 0;
};

}  // namespace enxerto

#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// A 128-bit content hash (XXH3-128), for inputs, rows and feature spaces: fast, not against forgers.
struct Hash128 {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const Hash128&) const = default;
  std::string hex() const;  ///< 32 lower-case digits
};

Hash128 hash128(std::span<const std::byte> bytes);
Hash128 hash128(std::string_view text);

/// XXH3-128 of a stream of pieces. A number is added as 8 little-endian bytes, a text with its length before it.
class Hash128Stream {
 public:
  Hash128Stream();
  ~Hash128Stream();
  Hash128Stream(Hash128Stream&&) noexcept;
  Hash128Stream& operator=(Hash128Stream&&) noexcept;

  Hash128Stream& add(std::span<const std::byte> bytes);
  Hash128Stream& add(std::string_view text);
  Hash128Stream& add(std::uint64_t number);
  Hash128Stream& add(const Hash128& hash);
  Hash128 value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of a stream of pieces, for downloads and bundles.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void add(std::span<const std::byte> bytes);
  std::string hex();  ///< 64 lower-case digits; ends the stream

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// MD5 of a stream of pieces, for downloads whose publisher states nothing better: detects a damaged file, not a forged
/// one.
class Md5Stream {
 public:
  Md5Stream();
  ~Md5Stream();
  Md5Stream(Md5Stream&&) noexcept;
  Md5Stream& operator=(Md5Stream&&) noexcept;

  void add(std::span<const std::byte> bytes);
  std::string hex();  ///< 32 lower-case digits; ends the stream

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 32 lower-case digits.
std::string md5(std::span<const std::byte> bytes);

/// 64 lower-case digits.
std::string sha256(std::span<const std::byte> bytes);

}  // namespace enxerto

#pragma once
#include <cstdint>
#include <string_view>

namespace enxerto {

/// What a random number is for and about; the same key gives the same numbers on any thread, in any order of work.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint64_t epoch = 0;
  std::uint64_t example = 0;
  std::string_view purpose;  ///< e.g. "split", "flip"
};

/// SplitMix64 (Steele, Lea, Flood 2014) started from a hash of the key. Same numbers on every platform.
class Rng {
 public:
  explicit Rng(const RandomKey& key);

  std::uint64_t next();
  double uniform();                          ///< in [0, 1)
  std::uint64_t below(std::uint64_t bound);  ///< in [0, bound), without bias; bound > 0

 private:
  std::uint64_t state_;
};

}  // namespace enxerto

#include "enxerto/base/rng.h"

#include "enxerto/base/hash.h"

namespace enxerto {

Rng::Rng(const RandomKey& key)
    : state_(Hash128Stream().add(key.seed).add(key.epoch).add(key.example).add(key.purpose).value().low) {}

std::uint64_t Rng::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Rng::below(std::uint64_t bound) {
  const std::uint64_t unfair = -bound % bound;  // 2^64 mod bound: numbers under it would favour small results
  std::uint64_t number = next();
  while (number < unfair) number = next();
  return number % bound;
}

}  // namespace enxerto

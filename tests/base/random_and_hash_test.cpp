#include <gtest/gtest.h>

#include <array>

#include "enxerto/base/hash.h"
#include "enxerto/base/rng.h"

namespace enxerto {
namespace {

TEST(Sha256, IsThatOfTheStandard) {
  const std::array<std::byte, 3> abc{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
  EXPECT_EQ(sha256(abc), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(md5(abc), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Hash128, OfAStreamIsThatOfTheWhole) {
  const std::array<std::byte, 3> abc{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
  const std::span<const std::byte> all(abc);
  EXPECT_EQ(Hash128Stream().add(all.first(1)).add(all.subspan(1)).value(), hash128(all));
  EXPECT_EQ(hash128("").hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash128Stream, TellsTextsApartThatAreSplitElsewhere) {
  EXPECT_NE(Hash128Stream().add("ab").add("c").value(), Hash128Stream().add("a").add("bc").value());
}

TEST(Rng, DependsOnTheKeyAndOnNothingElse) {
  const RandomKey key{.seed = 1, .epoch = 2, .example = 3, .purpose = "flip"};
  EXPECT_EQ(Rng(key).next(), Rng(key).next());
  EXPECT_NE(Rng(key).next(), Rng({.seed = 1, .epoch = 2, .example = 3, .purpose = "crop"}).next());
}

TEST(Rng, IsEvenlySpread) {
  Rng rng({.seed = 7, .epoch = 0, .example = 0, .purpose = "test"});
  std::array<int, 10> seen{};
  double sum = 0;
  for (int i = 0; i < 100'000; ++i) {
    ++seen.at(rng.below(10));
    sum += rng.uniform();
  }
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_NEAR(sum / 100'000, 0.5, 0.01);
}

}  // namespace
}  // namespace enxerto

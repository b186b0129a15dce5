#include "enxerto/features/compiled_prefixes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "enxerto/features/extract.h"
#include "tests/engine/small_networks.h"
#include "tests/features/tokens.h"

namespace enxerto {
namespace {

TEST(CompiledPrefixes, AreTheLastTwo) {
  CompiledPrefixes compiled;
  int made = 0;
  const auto make = [&] {
    ++made;
    return std::shared_ptr<Executor>();
  };
  for (const std::uint64_t key : {1, 2, 1, 2, 3, 2, 1}) (void)compiled.get({key, 0}, make);
  EXPECT_EQ(made, 4);
}

TEST(CompiledPrefixes, GiveALaterExtractionTheSameRows) {
  const testing::TokenData data(12);
  const FeatureSource source{.prefix = testing::filled(testing::token_network()),
                             .preprocessor = std::make_shared<testing::TokenPreprocessor>()};
  const Extracted alone = extract(data, source, {.threads = 1, .batch = 4});
  const ExtractOptions options{.threads = 1, .batch = 4, .compiled = std::make_shared<CompiledPrefixes>()};
  for (int run = 0; run < 2; ++run) {
    const Extracted rows = extract(data, source, options);
    for (std::size_t i = 0; i < data.size(); ++i)
      EXPECT_TRUE(std::ranges::equal(rows.stored.record(i), alone.stored.record(i))) << i;
  }
}

}  // namespace
}  // namespace enxerto

#include <gtest/gtest.h>

#include <stdexcept>

#include "enxerto/data/dataset.h"
#include "enxerto/transfer/prefix_precision.h"

namespace enxerto {
namespace {

/// A data set that must not be looked at.
class Unread final : public Dataset {
 public:
  std::size_t size() const override { return 10; }
  std::unique_ptr<Example> get(std::size_t) const override { throw std::logic_error("read"); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t) const override { throw std::logic_error("read"); }

 private:
  DatasetInfo info_{.inputs = {Medium::image}};
};

TEST(Precision, IsWhatWasAskedFor) {
  const PrefixPrecision precision = resolve_precision(AskedPrecision::bf16, {}, Unread(), {});
  EXPECT_EQ(precision.chosen, Precision::bf16);
  EXPECT_EQ(precision.requested, AskedPrecision::bf16);
}

TEST(Precision, StaysWithFp32ForAFewPicturesWithoutMeasuring) {
  const PrefixPrecision precision = resolve_precision(AskedPrecision::automatic, {}, Unread(), {});
  EXPECT_EQ(precision.chosen, Precision::fp32);
  EXPECT_FALSE(precision.reason.empty());
}

}  // namespace
}  // namespace enxerto

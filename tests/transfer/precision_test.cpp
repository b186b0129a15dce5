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

PrefixPrecision provisional(double cosine) {
  return {.chosen = Precision::bf16,
          .requested = AskedPrecision::automatic,
          .min_cosine = cosine,
          .equal_labels = {},
          .reason = "faster"};
}

TEST(Precision, IsJudgedByTheLossOfTheHead) {
  EXPECT_EQ(judged(provisional(0.9974), 0.412, 0.41).chosen, Precision::bf16) << "within the tolerance";
  EXPECT_EQ(judged(provisional(0.9974), 0.38, 0.41).chosen, Precision::bf16);
  const PrefixPrecision refused = judged(provisional(0.9999), 0.45, 0.41);
  EXPECT_EQ(refused.chosen, Precision::fp32);
  EXPECT_NE(refused.reason.find("0.45, in fp32 0.41"), std::string::npos) << refused.reason;
}

TEST(Precision, IsJudgedByTheCosineWhereExamplesAreTooFewForALoss) {
  EXPECT_EQ(judged(provisional(0.9974), {}, {}).chosen, Precision::fp32);
  EXPECT_EQ(judged(provisional(0.9995), {}, {}).chosen, Precision::bf16);
}

}  // namespace
}  // namespace enxerto

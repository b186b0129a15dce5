#include "enxerto/base/row_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/stored_rows.h"

namespace enxerto {
namespace {

const RowLayout kTokens{.values = {{.name = "hidden", .dtype = DType::f32, .shape = {-1, 2}},
                                   {.name = "mask", .dtype = DType::u8, .shape = {-1}},
                                   {.name = "pooled", .dtype = DType::f32, .shape = {3}}}};

std::vector<Tensor> tokens(std::int64_t length) {
  std::vector<float> hidden;
  for (std::int64_t i = 0; i < 2 * length; ++i) hidden.push_back(static_cast<float>(i) - 0.5F);
  return {Tensor::of<float>({length, 2}, hidden),
          Tensor::of<std::uint8_t>({length}, std::vector<std::uint8_t>(static_cast<std::size_t>(length), 1)),
          Tensor::of<float>({3}, {1, 2, 3})};
}

std::vector<std::byte> record_of(const RowLayout& layout, DType storage, const std::vector<Tensor>& values) {
  std::vector<std::byte> record(record_bytes(layout, storage, values), std::byte{0xff});
  write_record(layout, storage, values, record);
  return record;
}

TEST(RowRecord, GivesBackValuesOfAnyLengthInAnyStorage) {
  for (const DType storage : {DType::f32, DType::f16, DType::bf16}) {
    for (const std::int64_t length : {1, 2, 7, 0}) {
      const std::vector<Tensor> values = tokens(length);
      const std::vector<std::byte> record = record_of(kTokens, storage, values);
      EXPECT_EQ(record.size() % kRecordUnit, 0U);
      const RowView row(kTokens, storage, record);
      for (std::size_t i = 0; i < values.size(); ++i) EXPECT_TRUE(identical(row.tensor(i), values[i])) << i;
    }
  }
}

TEST(RowRecord, OfOneFixedValueIsItsBytesAlone) {
  const RowLayout matrix{.values = {{.name = "x", .dtype = DType::f32, .shape = {5}}}};
  const std::vector<Tensor> values{Tensor::of<float>({5}, {1, 2, 3, 4, 5})};
  EXPECT_TRUE(matrix.is_matrix());
  EXPECT_EQ(record_bytes(matrix, DType::f32), 20U);
  EXPECT_EQ(record_bytes(matrix, DType::bf16), 10U);
  const std::vector<std::byte> record = record_of(matrix, DType::f32, values);
  EXPECT_TRUE(std::ranges::equal(record, values[0].bytes()));
}

TEST(RowRecord, OfSeveralFixedValuesHasOneSizeAndNoHeader) {
  const RowLayout layout{
      .values = {{.name = "a", .dtype = DType::u8, .shape = {3}}, {.name = "b", .dtype = DType::f32, .shape = {3}}}};
  const std::vector<Tensor> values{Tensor::of<std::uint8_t>({3}, {1, 2, 3}), Tensor::of<float>({3}, {1, 2, 3})};
  EXPECT_TRUE(layout.fixed());
  EXPECT_EQ(record_bytes(layout, DType::f32), 24U);
  EXPECT_EQ(record_bytes(layout, DType::f32, values), 24U);
  const std::vector<std::byte> record = record_of(layout, DType::f32, values);
  const RowView row(layout, DType::f32, record);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_TRUE(identical(row.tensor(i), values[i])) << i;
}

TEST(RowRecord, RefusesValuesThatTheLayoutDoesNotAllow) {
  std::vector<Tensor> values = tokens(4);
  values[1] = Tensor::of<float>({4}, {1, 1, 1, 1});
  EXPECT_THROW((void)record_bytes(kTokens, DType::f32, values), Error);
  values = tokens(4);
  values[0] = Tensor::of<float>({2, 4}, {1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_THROW((void)record_bytes(kTokens, DType::f32, values), Error);
}

TEST(RowView, RefusesARecordThatIsShorterThanItSays) {
  std::vector<std::byte> record = record_of(kTokens, DType::f32, tokens(4));
  record.resize(record.size() - kRecordUnit);
  EXPECT_THROW(RowView(kTokens, DType::f32, record), Error);
  record.resize(4);
  EXPECT_THROW(RowView(kTokens, DType::f32, record), Error);
}

TEST(StoredRows, AreAMatrixForSolversOnlyWhereTheyAreOne) {
  const std::vector<float> floats{1, 2, 3, 4};
  const StoredRows rows(Rows{.width = 2, .row = {floats.data(), floats.data() + 2}}, "x", {2});
  EXPECT_EQ(rows.floats().row[1], floats.data() + 2);
  EXPECT_TRUE(identical(rows.at(1).tensor(0), Tensor::of<float>({2}, {3, 4})));
  StoredRows varying(kTokens);
  const std::vector<std::byte> record = record_of(kTokens, DType::f32, tokens(4));
  varying.add(record);
  EXPECT_EQ(varying.floats().size(), 0U);
  EXPECT_EQ(varying.record(0).size(), record.size());
}

}  // namespace
}  // namespace enxerto

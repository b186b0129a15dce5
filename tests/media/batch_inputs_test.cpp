#include "enxerto/media/batch_inputs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/augment.h"
#include "tests/media/numbers.h"

namespace enxerto {
namespace {

using testing::Numbers;

constexpr PadOptions kAsLong{.buckets = PadOptions::Buckets::none};

void add(const Preprocessor& preprocessor, const std::string& text, BatchInputs& batch, std::size_t example) {
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  const std::vector<Field> fields{{.medium = Medium::text,
                                   .bytes = Tensor::of<std::uint8_t>({static_cast<std::int64_t>(bytes.size())}, bytes),
                                   .raw = {}}};
  BatchInputs::Slots slots = batch.slots(example);
  preprocessor.encode(fields, {.where = text}, slots);
}

std::vector<float> values_of(const Tensor& tensor) { return {tensor.as<float>().begin(), tensor.as<float>().end()}; }

TEST(BatchInputs, PadToTheLongestExampleAndKeepFixedInputsAsRows) {
  const Numbers numbers;
  BatchInputs batch(numbers.inputs(), 3);
  add(numbers, "12", batch, 0);
  add(numbers, "3456", batch, 1);
  const TensorMap inputs = batch.collect(2, kAsLong);
  EXPECT_EQ(inputs.at("digits").shape(), (Shape{3, 4}));
  EXPECT_EQ(values_of(inputs.at("digits")), (std::vector<float>{1, 2, -1, -1, 3, 4, 5, 6, -1, -1, -1, -1}));
  EXPECT_EQ(values_of(inputs.at("sum")), (std::vector<float>{3, 18, 0}));
}

TEST(BatchInputs, PadUpToABucketSoThatThereAreFewShapes) {
  const Numbers numbers;
  BatchInputs batch(numbers.inputs(), 1);
  add(numbers, "123456789", batch, 0);
  EXPECT_EQ(batch.collect(1).at("digits").shape(), (Shape{1, 16}));
}

TEST(BatchInputs, AreWrittenAgainForTheNextBatch) {
  const Numbers numbers;
  BatchInputs batch(numbers.inputs(), 1);
  add(numbers, "123", batch, 0);
  batch.collect(1);
  add(numbers, "9", batch, 0);
  const TensorMap inputs = batch.collect(1, kAsLong);
  EXPECT_EQ(values_of(inputs.at("digits")), (std::vector<float>{9}));
  EXPECT_EQ(values_of(inputs.at("sum")), (std::vector<float>{9}));
}

TEST(BatchInputs, PadEachDimensionThatVaries) {
  const std::vector<InputSpec> specs{{.name = "grid", .dtype = DType::i64, .shape = {2, -1, -1}, .padding = 7}};
  BatchInputs batch(specs, 2);
  const auto write = [&](std::size_t example, const Shape& shape) {
    BatchInputs::Slots slots = batch.slots(example);
    const std::span<std::byte> room = slots.slot(0, shape);
    for (std::size_t i = 0; i < room.size() / 8; ++i)
      reinterpret_cast<std::int64_t*>(room.data())[i] = static_cast<std::int64_t>(i);
  };
  write(0, {2, 1, 2});
  write(1, {2, 2, 1});
  const Tensor grid = batch.collect(2, kAsLong).at("grid");
  EXPECT_EQ(grid.shape(), (Shape{2, 2, 2, 2}));
  EXPECT_EQ(std::vector<std::int64_t>(grid.as<std::int64_t>().begin(), grid.as<std::int64_t>().end()),
            (std::vector<std::int64_t>{0, 1, 7, 7, 2, 3, 7, 7, 0, 7, 1, 7, 2, 7, 3, 7}));
}

TEST(BatchInputs, RefuseAShapeThatTheSpecificationDoesNotAllow) {
  const Numbers numbers;
  BatchInputs batch(numbers.inputs(), 1);
  BatchInputs::Slots slots = batch.slots(0);
  EXPECT_THROW(slots.slot(1, {2}), Error);
  EXPECT_THROW(slots.slot(0, {2, 2}), Error);
}

TEST(Preprocessor, RefusesChangesThatItsMediumDoesNotHave) {
  const Numbers numbers;
  EXPECT_TRUE(numbers.random_changes({}).empty());
  EXPECT_THROW(numbers.random_changes({.flip = true}), Error);
  EXPECT_EQ(numbers.summary(), "digits (-1), sum (1)");
}

TEST(Preprocessor, OfAnUnknownKindIsRefusedByName) {
  try {
    preprocessor_from_record({{"kind", "smell"}}, "preprocess.json");
    ADD_FAILURE() << "read";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("smell"), std::string::npos);
  }
}

}  // namespace
}  // namespace enxerto

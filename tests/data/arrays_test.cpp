#include <gtest/gtest.h>
#include <zlib.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/files/read.h"
#include "tests/data/targets.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::label_of;
using testing::names_of;
using testing::Workplace;

std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string images(std::uint32_t count, std::uint32_t height = 2, std::uint32_t width = 3) {
  std::string text = big_endian(0x803) + big_endian(count) + big_endian(height) + big_endian(width);
  for (std::uint32_t i = 0; i < count; ++i) text += std::string(height * width, static_cast<char>(i));
  return text;
}

std::string labels(std::uint32_t count) {
  std::string text = big_endian(0x801) + big_endian(count);
  for (std::uint32_t i = 0; i < count; ++i) text += static_cast<char>(i % 10);
  return text;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

void write_family(const Workplace& place, const std::string& folder = "") {
  place.write(folder + "train-images-idx3-ubyte.gz", gzip(images(30)));
  place.write(folder + "train-labels-idx1-ubyte", labels(30));
  place.write(folder + "t10k-images.idx3-ubyte", images(20));
  place.write(folder + "t10k-labels.idx1-ubyte.gz", gzip(labels(20)));
}

void expect_error(const Workplace& place, std::string_view text) {
  try {
    open_data(place.path());
    ADD_FAILURE() << "no error: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
  }
}

TEST(Idx, OpensTheFourFilesPlainOrGzip) {
  Workplace place;
  write_family(place);
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "IDX");
  ASSERT_TRUE(parts.has_parts());
  ASSERT_EQ(parts.train->size(), 30U);
  EXPECT_EQ(parts.test->size(), 20U);
  EXPECT_EQ(names_of(*parts.train).size(), 10U);
  EXPECT_EQ(names_of(*parts.train)[3], "3");
  const auto example = parts.train->get(17);
  EXPECT_EQ(example->id(), "train-images:17");
  EXPECT_EQ(label_of(*parts.train, 17), 7);
  EXPECT_EQ(example->field(0).bytes.byte_size(), 6U);
  EXPECT_EQ(example->field(0).bytes.as<std::uint8_t>()[5], 17);
  EXPECT_EQ(example->field(0).raw->width, 3);
  EXPECT_EQ(example->field(0).raw->height, 2);
  EXPECT_EQ(example->file(0), std::nullopt);
  EXPECT_EQ(parts.test->get(3)->id(), "t10k-images:3");
}

TEST(Idx, NamesTheClassesOfFashionMnist) {
  Workplace place;
  write_family(place, "fashion-mnist/");
  EXPECT_EQ(names_of(*open_data(place.path() / "fashion-mnist").train)[9], "Ankle boot");
}

TEST(Idx, OpensOneFileWithItsLabelsBesideIt) {
  Workplace place;
  write_family(place);
  const DataParts parts = open_data(place.path() / "t10k-images.idx3-ubyte");
  EXPECT_EQ(parts.all->size(), 20U);
  EXPECT_FALSE(parts.has_parts());
}

TEST(Idx, RefusesATruncatedFilePlainOrGzip) {
  Workplace place;
  write_family(place);
  place.write("train-images-idx3-ubyte.gz", gzip(images(30).substr(0, 100)));
  expect_error(place, "100 bytes of data; expected 196");
  const std::string packed = gzip(images(30));
  place.write("train-images-idx3-ubyte.gz", packed.substr(0, packed.size() - 12));
  expect_error(place, "truncated gzip");
  place.write("train-images-idx3-ubyte.gz", images(30).substr(0, 195));
  expect_error(place, "195 bytes");
  place.write("train-images-idx3-ubyte.gz", "short");
  expect_error(place, "at least a header");
}

TEST(Idx, RefusesMoreDataThanDeclaredAndDamage) {
  Workplace place;
  write_family(place);
  place.write("train-images-idx3-ubyte.gz", gzip(images(30) + "x"));
  expect_error(place, "more data than declared");
  std::string packed = gzip(images(30));
  packed[packed.size() - 7] ^= 1;
  place.write("train-images-idx3-ubyte.gz", packed);
  expect_error(place, "damaged gzip data");
}

TEST(Idx, RefusesASizeThatCannotBeBeforeWritingAnything) {
  Workplace place;
  write_family(place);
  place.write("train-images-idx3-ubyte.gz",
              gzip(big_endian(0x803) + big_endian(0xFFFFFFFF) + big_endian(16384) + big_endian(16384)));
  expect_error(place, "are declared in a gzip file of");
  place.write("train-images-idx3-ubyte.gz",
              gzip(big_endian(0x803) + big_endian(1) + big_endian(0) + big_endian(16385)));
  expect_error(place, "sides from 1 to 16384");
}

TEST(Idx, RefusesAnotherMagicNumberAndCountsThatDisagree) {
  Workplace place;
  write_family(place);
  place.write("train-labels-idx1-ubyte", images(30));
  expect_error(place, "magic number 0x00000803");
  place.write("train-labels-idx1-ubyte", labels(29));
  expect_error(place, "29 labels for 30 pictures");
  std::filesystem::remove(place.path() / "train-labels-idx1-ubyte");
  expect_error(place, "without labels");
}

std::string cifar(std::size_t count, std::size_t label_bytes, char label) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += std::string(label_bytes, label) + std::string(3072, static_cast<char>(i));
  return text;
}

TEST(Cifar10, JoinsItsBatches) {
  Workplace place;
  place.write("data_batch_1.bin", cifar(3, 1, 1));
  place.write("data_batch_2.bin", cifar(2, 1, 9));
  place.write("test_batch.bin", cifar(1, 1, 0));
  place.write("batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "CIFAR-10");
  ASSERT_EQ(parts.train->size(), 5U);
  EXPECT_EQ(parts.train->get(4)->id(), "data_batch_2:1");
  EXPECT_EQ(label_of(*parts.train, 4), 9);
  EXPECT_EQ(parts.train->get(4)->field(0).bytes.as<std::uint8_t>()[3071], 1);
  EXPECT_TRUE(parts.train->get(4)->field(0).raw->planar);
  EXPECT_EQ(names_of(*parts.test)[0], "airplane");
}

TEST(Cifar100, TakesTheFineLabel) {
  Workplace place;
  std::string names;
  for (int i = 0; i < 100; ++i) names += "class" + std::to_string(i) + "\n";
  place.write("fine_label_names.txt", names);
  place.write("train.bin", cifar(1, 1, 5) + "");
  expect_error(place, "records of 3074 bytes");
  place.write("train.bin", std::string("\x05", 1) + std::string("\x63", 1) + std::string(3072, 'x'));
  place.write("test.bin", cifar(2, 2, 7));
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "CIFAR-100");
  EXPECT_EQ(label_of(*parts.train, 0), 99);
}

TEST(Cifar10, RefusesATruncatedFileAndALabelThatIsNone) {
  Workplace place;
  place.write("test_batch.bin", cifar(1, 1, 0));
  place.write("data_batch_1.bin", cifar(3, 1, 1).substr(0, 5000));
  expect_error(place, "data_batch_1.bin: 5000 bytes");
  place.write("data_batch_1.bin", cifar(3, 1, 10));
  expect_error(place, "data_batch_1:0: label 10");
}

}  // namespace
}  // namespace enxerto

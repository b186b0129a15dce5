#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/weights/marian/marian_text.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {
namespace {

/// The files of tools/golden/marian_files.py.
std::string golden_file(const std::string& name) {
  std::ifstream file(ENXERTO_TEST_DATA "/weights/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

WeightFile read_bytes(const std::string& bytes) {
  return read_weights(std::as_bytes(std::span(bytes)), nullptr, "test");
}

void expect_refused(const std::string& bytes, const std::string& word) {
  try {
    (void)read_bytes(bytes);
    ADD_FAILURE() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

void replace_first(std::string& bytes, const std::string& what, const std::string& with) {
  const std::size_t at = bytes.find(what);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, what.size(), with);
}

TEST(MarianFiles, OfEightBitsAreWhatTheFloatsWere) {
  const std::string binary = golden_file("marian.bin"), arrays = golden_file("marian.npz");
  const WeightFile quantised = read_bytes(binary), plain = read_bytes(arrays);
  EXPECT_EQ(quantised.format, "Marian binary");
  EXPECT_EQ(plain.format, "NumPy npz");
  ASSERT_EQ(plain.tensors.size(), 3U);
  ASSERT_EQ(quantised.tensors.size(), 3U);
  for (const auto& [name, tensor] : plain.tensors) {
    const Tensor* const found = quantised.tensors.find(name);
    ASSERT_NE(found, nullptr) << name;
    ASSERT_EQ(found->shape(), tensor.shape()) << name;
    for (std::size_t i = 0; i < tensor.size(); ++i)
      EXPECT_FLOAT_EQ(found->as<float>()[i], tensor.as<float>()[i]) << name << " " << i;
  }
}

TEST(MarianFiles, SayTheirSettings) {
  for (const char* name : {"marian.bin", "marian.npz"}) {
    const std::string bytes = golden_file(name);
    const WeightFile file = read_bytes(bytes);
    EXPECT_EQ(file.metadata.at(std::string(kMarianSettings)), "dim-emb: 4\ntype: transformer\n");
  }
}

TEST(MarianFiles, ThatAreCutOffAreRefused) {
  const std::string binary = golden_file("marian.bin");
  expect_refused(binary.substr(0, binary.size() - 10), "ends at byte");
  expect_refused(binary.substr(0, 200), "ends at byte");
}

TEST(MarianFiles, WithImpossibleSizesAreRefused) {
  std::string binary = golden_file("marian.bin");
  const std::int32_t before[2] = {4, 3}, behind[2] = {0x7FFFFFFF, 0x7FFFFFFF};
  replace_first(binary, std::string(reinterpret_cast<const char*>(before), sizeof before),
                std::string(reinterpret_cast<const char*>(behind), sizeof behind));
  expect_refused(binary, "encoder_l1_self_Wq");
}

TEST(Npz, OfAnotherSizeThanItsShapeIsRefused) {
  std::string arrays = golden_file("marian.npz");
  replace_first(arrays, "(5, 4)", "(9, 9)");
  EXPECT_THROW((void)read_bytes(arrays), Error);
}

}  // namespace
}  // namespace enxerto

#include <gtest/gtest.h>

#include <string>

#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

using namespace crafted;

/// The five pickles and what follows, each open to be wrong.
struct Legacy {
  std::string protocol = whole("M\xe9\x03");
  std::string system = whole(dict(text("little_endian") + "\x88"));
  std::string object = whole(dict(text("w") + tensor({})));
  std::string keys = whole("](" + text("0") + "e");
  std::string storages = integer_bytes(4) + four_floats();

  static std::string integer_bytes(std::int64_t count) { return number(count); }
  std::string bytes() const {
    return std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15) + protocol + system + object +
           keys + storages;
  }
};

void expect_refused(const Legacy& legacy, const std::string& says) {
  expect_says(thrown_by([&] { read(legacy.bytes()); }), ErrorKind::weights, says);
}

TEST(PytorchLegacy, ReadsACraftedFile) {
  const WeightFile file = read(Legacy{}.bytes());
  EXPECT_EQ(file.format, "PyTorch legacy");
  EXPECT_EQ(file.tensors.at("w").as<float>()[2], 3.0F);
}

TEST(PytorchLegacy, ReadsStoragesThatAreViewsOfOthers) {
  const std::string view = "(" + text("v") + integer(2) + integer(2) + "t";
  const std::string storage = "((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + integer(4);
  const std::string rest = tuple({2}) + tuple({1}) + "tR";
  const std::string rebuild = "ctorch._utils\n_rebuild_tensor\n";
  const auto file = [&](int offset) {
    return Legacy{.object = whole(dict(text("w") + rebuild + storage + view + "tQ" + integer(offset) + rest))};
  };
  EXPECT_EQ(read(file(0).bytes()).tensors.at("w").as<float>()[0], 3.0F);
  expect_refused(file(1), "reaches past its storage");
}

TEST(PytorchLegacy, RefusesDeclaredSizesThatAreNotStored) {
  expect_refused({.storages = number<std::int64_t>(5) + four_floats()}, "is truncated: storage '0'");
  expect_refused({.storages = number<std::int64_t>(-1) + four_floats()}, "is truncated: storage '0'");
  expect_refused({.storages = number<std::int64_t>(3) + four_floats()}, "after its last storage");
  expect_refused({.object = whole(dict(text("w") + tensor({.stored = 5})))}, "5 elements declared and 16 bytes");
}

TEST(PytorchLegacy, RefusesStoragesThatDoNotBelong) {
  expect_refused({.keys = whole("](" + text("0") + text("1") + "e")}, "nothing refers to");
  expect_refused({.keys = whole("](" + text("0") + text("0") + "e"),
                  .storages = number<std::int64_t>(4) + four_floats() + number<std::int64_t>(4) + four_floats()},
                 "twice");
  expect_refused({.keys = whole("]"), .storages = ""}, "has no storage '0'");
  expect_refused(
      {.object = whole(dict(text("w") + tensor({}) + text("v") + tensor({.storage = "torch\nLongStorage\n"})))},
      "with two types");
}

TEST(PytorchLegacy, RefusesOtherVersionsAndByteOrders) {
  expect_refused({.protocol = whole("M\xe8\x03")}, "version other than 1001");
  expect_refused({.system = whole(dict(text("little_endian") + "\x89"))}, "big-endian");
}

}  // namespace
}  // namespace enxerto

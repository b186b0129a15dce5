#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "enxerto/files/atomic_write.h"
#include "enxerto/weights/pytorch/pickle_machine.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/weights/crafted.h"

namespace enxerto {
namespace {

using namespace crafted;

Pickle run(const std::string& bytes) { return read_pickle(std::as_bytes(std::span(bytes)), "pickle"); }

void expect_fails(const std::string& bytes, const std::string& says) {
  expect_says(thrown_by([&] { run(bytes); }), ErrorKind::weights, says);
}

/// What os.system would be called by: in the text form, in protocol 4's, as an instance and as a new object.
std::vector<std::string> shell_calls(const std::string& command) {
  const std::string argument = "(" + text(command) + "t";
  const std::string named = text("posix") + text("system") + "\x93";
  return {"cos\nsystem\n" + argument + "R",
          named + argument + "R",
          named + argument + "\x81",
          "(" + text(command) + "ios\nsystem\n",
          "(cos\nsystem\n" + text(command) + "o",
          "cbuiltins\neval\n(" + text("__import__('os').system('" + command + "')") + "tR"};
}

TEST(Pickle, NeverCallsWhatItNames) {
  const Scratch scratch;
  const std::string command = "touch " + (scratch / "marker").string();
  ASSERT_EQ(std::system((command + "-control").c_str()), 0);
  ASSERT_TRUE(std::filesystem::exists(scratch / "marker-control"));
  for (const std::string& call : shell_calls(command)) {
    const std::string alone = whole(call);
    for (const std::string& file : {pytorch_zip(alone), alone}) {
      write_atomically(scratch / "evil.pth", file);
      EXPECT_EQ(thrown_by([&] { read_weights(scratch / "evil.pth"); }).kind(), ErrorKind::weights);
    }
    const std::string beside = whole(dict(text("w") + tensor({}) + text("extra") + call));
    write_atomically(scratch / "evil.pth", pytorch_zip(beside));
    const WeightFile file = read_weights(scratch / "evil.pth");
    EXPECT_EQ(file.tensors.size(), 1U);
    ASSERT_EQ(file.notes.size(), 1U);
    EXPECT_EQ(file.notes[0], "ignored entries that are not named tensors: 'extra'");
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "marker"));
}

TEST(Pickle, RefusesATensorThatDependsOnSomethingUnknown) {
  const std::string parameter = "ctorch._utils\n_rebuild_parameter\n(cos\nsystem\n(" + text("true") + "tR\x89)tR";
  expect_says(thrown_by([&] { read(pytorch_zip(whole(dict(text("w") + parameter)))); }), ErrorKind::weights,
              "'w' is a parameter without a tensor");
  expect_says(thrown_by([&] { read(pytorch_zip(whole(dict(text("w") + tensor({.storage = "os\nsystem\n"}))))); }),
              ErrorKind::weights, "storage of the type 'system'");
}

TEST(Pickle, ReadsAllKindsOfValues) {
  const std::string bytes = (std::string("\x80\x02(", 3) + "N\x88\x89K\x07M\x01\x02" + "J\xff\xff\xff\xff" +
                             std::string("\x8a\x00", 2) + std::string("\x8a\x01\x80", 3) + "I12\nL-5L\nI01\n" +
                             "F2.5\n" + std::string("G\x3f\xf8\x00\x00\x00\x00\x00\x00", 9) + "S'ab'\n" + "C\x02xy" +
                             "]K\x01" + "a" + "(K\x01K\x02" + "d" + "t.");
  const Pickle pickle = run(bytes);  // its texts point into them
  const auto& values = pickle.root->elements;
  ASSERT_EQ(values.size(), 17U);
  EXPECT_TRUE(values[0]->is(PickleKind::none));
  EXPECT_EQ(values[1]->integer, 1);
  EXPECT_EQ(values[4]->integer, 0x201);
  EXPECT_EQ(values[5]->integer, -1);
  EXPECT_EQ(values[6]->integer, 0);
  EXPECT_EQ(values[7]->integer, -128);
  EXPECT_EQ(values[8]->integer, 12);
  EXPECT_EQ(values[9]->integer, -5);
  EXPECT_TRUE(values[10]->is(PickleKind::boolean));
  EXPECT_EQ(values[11]->real, 2.5);
  EXPECT_EQ(values[12]->real, 1.5);
  EXPECT_EQ(values[13]->text, "ab");
  EXPECT_TRUE(values[14]->is(PickleKind::bytes));
  EXPECT_EQ(values[15]->elements.size(), 1U);
  EXPECT_EQ(values[16]->items.size(), 1U);
}

TEST(Pickle, RemembersAndSharesValues) {
  // A list remembered at 5, a pair of it twice remembered next (at 1: one value is remembered), a pair of that pair.
  const Pickle pickle = run("]q\x05h\x05\x86\x94h\x01\x86.");
  const auto& outer = pickle.root->elements;
  ASSERT_EQ(outer.size(), 2U);
  EXPECT_EQ(outer[0], outer[1]);
  EXPECT_EQ(outer[0]->elements[0], outer[0]->elements[1]);
}

TEST(Pickle, ReadsAListThatHoldsItself) {
  const Pickle pickle = run("]2a.");
  EXPECT_EQ(pickle.root->elements.front(), pickle.root);
}

TEST(Pickle, ReadsAnOrderedDictAsPython2PickledIt) {
  const std::string pickled = "ccollections\nOrderedDict\n(](](" + text("w") + tensor({}) + "eetR";
  EXPECT_EQ(read(pytorch_zip(whole(pickled))).tensors.at("w").size(), 4U);
}

TEST(Pickle, RefusesWhatIsNoProgram) {
  expect_fails("", "ends at byte 0");
  expect_fails(".", "empty stack");
  expect_fails("t.", "a mark is missing");
  expect_fails("(.", "empty stack");
  expect_fails("N0 0", "opcode 0x20");
  expect_fails("h\x01.", "the memo has nothing at 1");
  expect_fails(std::string("\x80\x06N.", 4), "pickle protocol 6");
  expect_fails(
      "K\x01K\x02"
      "a.",
      "an append to something other than a list");
  expect_fails("]K\x01K\x02s.", "set in something other than a dict");
  expect_fails("}(K\x01u.", "a key without a value");
  expect_fails("K\x01K\x02\x93.", "a name that is not a string");
  expect_fails("\x82\x01.", "opcode 0x82");
  expect_fails("Ix\n.", "an invalid integer");
  expect_fails("S'x\n.", "a string without quotes");
  expect_fails("cos\nsystem", "ends at byte 10");
  expect_fails(std::string("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", 9), "ends at byte 9");
  expect_fails(std::string("\x95\xff\xff\xff\xff\xff\xff\xff\xff", 9), "a frame of");
}

TEST(Pickle, BoundsStackMarksMemoAndValues) {
  expect_fails("N" + std::string(2'000'000, '2'), "on the stack");
  expect_fails(std::string(2'000'000, '('), "marks");
  expect_fails(std::string("Nr\xff\xff\xff\x7f.", 7), "the memo index");
  std::string many;
  for (int i = 0; i < 2'100'000; ++i) many += "]0";
  expect_fails(many, "more than 2000000 values");
}

}  // namespace
}  // namespace enxerto

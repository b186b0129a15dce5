#include <gtest/gtest.h>

#include <string>

#include "enxerto/base/dtype.h"
#include "enxerto/weights/hdf5/answer_format.h"
#include "enxerto/weights/hdf5/parse_answer.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using namespace std::string_literals;

template <typename T>
std::string number(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}
std::string text(const std::string& words) {
  std::string counted = number(static_cast<std::uint32_t>(words.size()));
  counted += words;
  return counted;
}
std::string count(std::uint32_t items) { return number(items); }
std::string kind(ItemKind kind) { return number(static_cast<std::uint8_t>(kind)); }
std::string group(const std::string& children, std::uint32_t items) {
  std::string words = count(0);
  words += count(items);
  words += children;
  return words;
}
std::string child_group(const std::string& name, const std::string& content) {
  return kind(ItemKind::group) + text(name) + content;
}

struct Place {
  std::uint8_t place = 1;
  std::uint64_t offset = 0;
};

std::string tensor(const std::string& name, const std::vector<std::uint64_t>& shape, const Place& at = {}) {
  std::string words = kind(ItemKind::tensor) + text(name) + number(static_cast<std::uint8_t>(DType::f32)) +
                      number(static_cast<std::uint8_t>(shape.size()));
  for (const std::uint64_t size : shape) words += number(size);
  return words + number(at.place) + number(at.offset);
}

std::string answer(const std::string& index, const std::string& data = "", AnswerKind kind = AnswerKind::tree) {
  std::string words = std::string(kAnswerMagic) + number(static_cast<std::uint64_t>(kind)) +
                      number(std::uint64_t{index.size()}) + number(std::uint64_t{data.size()}) + index;
  words.resize((words.size() + kAnswerAlignment - 1) / kAnswerAlignment * kAnswerAlignment, '\0');
  words += data;
  return words;
}

const std::string kFile(256, '\x01');

Hdf5Group parse(const std::string& words) {
  return parse_answer({.bytes = std::as_bytes(std::span(words)), .owner = nullptr},
                      {.bytes = std::as_bytes(std::span(kFile)), .owner = nullptr}, "file");
}

void expect_refused(const std::string& words, const std::string& says) {
  expect_says(thrown_by([&] { parse(words); }), ErrorKind::weights, says);
}

TEST(Hdf5Answer, GivesGroupsAttributesAndTensorsByPath) {
  const std::string inner = child_group("a", count(1) + text("names") + count(2) + text("x") + text("y") + count(1) +
                                                 tensor("t", {2, 3}, {.place = 1, .offset = 8}));
  const std::string words =
      answer(group(inner + tensor("b", {4}, {.place = 2, .offset = 0}) + kind(ItemKind::other) + text("c"), 3),
             std::string(64, '\x02'));
  const Hdf5Group root = parse(words);
  ASSERT_NE(root.group("a"), nullptr);
  EXPECT_EQ(root.group("a")->attributes.at("names"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(root.group("a")->text("names"), "x");
  ASSERT_NE(root.tensor("a/t"), nullptr);
  EXPECT_EQ(root.tensor("a/t")->shape(), (Shape{2, 3}));
  EXPECT_EQ(root.tensor("a/t")->bytes().front(), std::byte{1});
  EXPECT_EQ(root.tensor("b")->bytes().front(), std::byte{2});
  EXPECT_EQ(root.others, std::vector<std::string>{"c"});
  EXPECT_EQ(root.tensor("a/x"), nullptr);
  EXPECT_EQ(root.tensor("x/t"), nullptr);
  EXPECT_EQ(root.group("a/b/c"), nullptr);
}

TEST(Hdf5Answer, IsRefusedWhereATensorReachesOutOfItsBytes) {
  const std::string outside = "outside of its 256 bytes";
  expect_refused(answer(group(tensor("t", {65}), 1)), outside);
  expect_refused(answer(group(tensor("t", {1}, {.place = 1, .offset = 253}), 1)), outside);
  expect_refused(answer(group(tensor("t", {1}, {.place = 1, .offset = ~std::uint64_t{0}}), 1)), outside);
  const std::string stored = "a size that can be stored";
  expect_refused(answer(group(tensor("t", {1U << 31, 1U << 31, 1U << 31}), 1)), stored);
  expect_refused(answer(group(tensor("t", {~std::uint64_t{0}}), 1)), stored);
  expect_refused(answer(group(tensor("t", {0, std::uint64_t{1} << 40}), 1)), stored);
  expect_refused(answer(group(tensor("t", {1}, {.place = 2, .offset = 0}), 1)), "outside of its 0 bytes");
}

TEST(Hdf5Answer, IsRefusedWhereItIsNotWhatTheProgramWrites) {
  expect_refused("enx", "ends at byte 3");
  std::string another = answer(group("", 0));
  another[0] = 'X';
  expect_refused(another, "does not begin as one");
  expect_refused(answer(group("", 0)).append("x"), "another length than it announces");
  expect_refused(answer(group("", 0).append("x")), "has 1 bytes after its end");
  expect_refused(answer(group("", 1)), "inside a value");
  expect_refused(answer(group(tensor("b", {1}) + tensor("a", {1}), 2)), "has the name 'a' where it cannot be");
  expect_refused(answer(group(tensor("a", {1}) + tensor("a", {1}), 2)), "has the name 'a' where it cannot be");
  expect_refused(answer(group(tensor("a/b", {1}), 1)), "has the name 'a/b' where it cannot be");
  expect_refused(answer(group(tensor(".", {1}), 1)), "has the name '.' where it cannot be");
  expect_refused(answer(group(tensor("", {1}), 1)), "has the name '' where it cannot be");
  expect_refused(answer(group(kind(static_cast<ItemKind>(9)).append(text("a")), 1)), "has an item of kind 9");
  expect_refused(answer(group(tensor("a", {1}, {.place = 3, .offset = 0}), 1)), "at position 3");
  expect_refused(answer(count(1) + text("n") + count(1000000) + count(0)), "a list of strings longer than itself");
  expect_refused(answer(count(2) + text("n") + count(0) + text("n") + count(0) + count(0)), "an attribute twice: 'n'");
  std::string deep = group("", 0);
  for (int i = 0; i < 40; ++i) deep = group(child_group("g", deep), 1);
  expect_refused(answer(deep), "endlessly nested groups");
}

TEST(Hdf5Answer, HandsOnARefusalWithoutControlCharacters) {
  const std::string words = answer(text("holds \x1b[31m") + text("peace") + text("breathe"), "", AnswerKind::refusal);
  const Error error = thrown_by([&] { parse(words); });
  expect_says(error, ErrorKind::weights, "file: holds \\x1b[31m; expected peace; try: breathe");
}

}  // namespace
}  // namespace enxerto

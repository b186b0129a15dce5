#include "enxerto/data/yolo_labels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <span>

#include <fmt/format.h>

#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr std::size_t kColumns = 5;
constexpr std::string_view kBetweenNumbers = " \t\r,";

std::optional<double> number_in(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() ? std::optional(value) : std::nullopt;
}

/// What a line of more than a box's numbers is likely to be: predictions of Ultralytics end with a confidence, outlines
/// have pairs behind the class.
std::string_view hint_of(std::size_t words) {
  if (words == kColumns + 1) return " (with a confidence at the end? leave it out)";
  return words > kColumns && words % 2 == 1 ? " (the outline of an object?)" : "";
}

/// What is wrong with the line; "" where `box` has been read.
std::string fault_of_line(std::string_view line, std::size_t classes, LabelledBox& box) {
  const std::vector<std::string_view> words = words_between(line, kBetweenNumbers);
  if (words.size() != kColumns)
    return fmt::format("{} numbers{}, not class, centre x, centre y, width, height", words.size(),
                       hint_of(words.size()));
  std::array<double, kColumns> values{};
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto value = number_in(words[i]);
    if (!value) return fmt::format("'{}' is not a number", words[i]);
    values[i] = *value;
  }
  const auto& [label, x, y, width, height] = values;
  if (!(label >= 0) || label != static_cast<double>(static_cast<std::int64_t>(std::min(label, 1e9))))
    return fmt::format("the class '{}' is not a whole number from 0", words[0]);
  if (classes > 0 && label >= static_cast<double>(classes))
    return fmt::format("class {} of {}, which are numbered from 0", words[0], classes);
  const auto pixels = [](double value) { return value > 2; };
  if (std::ranges::count_if(std::span(values).subspan(1), pixels) > 1)
    return fmt::format("box {} {} {} {} in pixels, not as fractions of the picture", words[1], words[2], words[3],
                       words[4]);
  box = {.left = x - width / 2,
         .top = y - height / 2,
         .right = x + width / 2,
         .bottom = y + height / 2,
         .label = static_cast<std::int64_t>(label),
         .area = width * height};
  constexpr double kSlack = 0.01;  // what tools leave by rounding
  return box_fault(box, {.width = 1, .height = 1, .slack = kSlack},
                   fmt::format("box {} {} {} {}", words[1], words[2], words[3], words[4]));
}

}  // namespace

std::vector<LabelledBox> parse_yolo_labels(std::string_view text, const std::string& where, std::size_t classes,
                                           BoxFaults& faults) {
  std::vector<LabelledBox> boxes;
  std::set<std::array<double, kColumns>> seen;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    if (right_trimmed(line).empty()) return;
    LabelledBox box;
    const std::string fault = fault_of_line(line, classes, box);
    if (!fault.empty())
      faults.add(fmt::format("{}:{}", where, number), fault);
    else if (seen.insert({static_cast<double>(box.label), box.left, box.top, box.right, box.bottom}).second)
      boxes.push_back(box);
  });
  return boxes;
}

}  // namespace enxerto

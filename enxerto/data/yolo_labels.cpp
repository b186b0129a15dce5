#include "enxerto/data/yolo_labels.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv_number.h"

namespace enxerto {
namespace {

constexpr std::size_t kColumns = 5, kFewestOfOutline = 7;
constexpr std::string_view kBetweenNumbers = " \t\r,";

/// Of a line that is neither a box nor an outline. Predictions of Ultralytics end with a confidence.
std::string fault_of_count(std::size_t words) {
  const std::string_view hint = words == kColumns + 1 ? " (with a confidence at the end? leave it out)" : "";
  return fmt::format("{} numbers{}, not class, centre x, centre y, width, height, nor a class and three points or more",
                     words, hint);
}

std::string shown_numbers(std::span<const std::string_view> words) {
  constexpr std::size_t kShown = 4;
  return fmt::format("{}{}", fmt::join(words.first(std::min(kShown, words.size())), " "),
                     words.size() > kShown ? " .." : "");
}

LabelledBox box_of_centre(std::span<const double> values) {
  const double x = values[0], y = values[1], width = values[2], height = values[3];
  return {.left = x - width / 2, .top = y - height / 2, .right = x + width / 2, .bottom = y + height / 2};
}

LabelledBox box_of_outline(std::span<const double> values) {
  LabelledBox box{.left = values[0], .top = values[1], .right = values[0], .bottom = values[1]};
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
    box.left = std::min(box.left, values[i]);
    box.right = std::max(box.right, values[i]);
    box.top = std::min(box.top, values[i + 1]);
    box.bottom = std::max(box.bottom, values[i + 1]);
  }
  return box;
}

/// What is wrong with the line; "" where `object` has been read.
std::string fault_of_line(std::string_view line, std::size_t classes, YoloObject& object) {
  const std::vector<std::string_view> words = words_between(line, kBetweenNumbers);
  const bool outline = words.size() >= kFewestOfOutline && words.size() % 2 == 1;
  if (words.size() != kColumns && !outline) return fault_of_count(words.size());
  std::vector<double> values;
  for (const std::string_view word : words) {
    const auto value = plain_number(word);
    if (!value) return fmt::format("'{}' is not a number", word);
    values.push_back(*value);
  }
  const double label = values[0];
  if (!(label >= 0) || label != static_cast<double>(static_cast<std::int64_t>(std::min(label, 1e9))))
    return fmt::format("the class '{}' is not a whole number from 0", words[0]);
  if (classes > 0 && label >= static_cast<double>(classes))
    return fmt::format("class {} of {}, which are numbered from 0", words[0], classes);
  const std::span<const double> places = std::span(values).subspan(1);
  const std::string given =
      fmt::format("{} {}", outline ? "outline" : "box", shown_numbers(std::span(words).subspan(1)));
  if (std::ranges::any_of(places, [](double value) { return !std::isfinite(value); }))
    return fmt::format("{}: a number that is not finite", given);
  if (std::ranges::count_if(places, [](double value) { return value > 2; }) > 1)
    return fmt::format("{} in pixels, not as fractions of the picture", given);
  LabelledBox& box = object.box = outline ? box_of_outline(places) : box_of_centre(places);
  if (outline) object.outline.assign(places.begin(), places.end());
  box.label = static_cast<std::int64_t>(label);
  box.area = (box.right - box.left) * (box.bottom - box.top);
  constexpr double kSlack = 0.01;  // what tools leave by rounding
  return box_fault(box, {.width = 1, .height = 1, .slack = kSlack}, given);
}

}  // namespace

std::vector<YoloObject> parse_yolo_labels(std::string_view text, const std::string& where, std::size_t classes,
                                          BoxFaults& faults) {
  std::vector<YoloObject> objects;
  std::set<std::vector<double>> seen;
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    if (right_trimmed(line).empty()) return;
    YoloObject object;
    const std::string fault = fault_of_line(line, classes, object);
    if (!fault.empty()) return faults.add(fmt::format("{}:{}", where, number), fault);
    const LabelledBox& box = object.box;
    std::vector<double> numbers{static_cast<double>(box.label), box.left, box.top, box.right, box.bottom};
    numbers.insert(numbers.end(), object.outline.begin(), object.outline.end());
    if (seen.insert(std::move(numbers)).second) objects.push_back(std::move(object));
  });
  return objects;
}

}  // namespace enxerto

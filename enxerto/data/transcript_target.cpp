#include "enxerto/data/transcript_target.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "enxerto/media/text/code_points.h"

namespace enxerto {

TargetSpec transcript_target() { return {.kind = std::string(kTranscriptTarget), .names = {"transcript"}}; }

Tensor transcript_points(std::string_view text) {
  constexpr std::array<unsigned, 5> kFirst{0, 0xFF, 0x1F, 0x0F, 0x07};
  const std::vector<std::size_t> begins = code_point_begins(text);
  std::vector<std::int64_t> points;
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    const std::string_view bytes = text.substr(begins[i], begins[i + 1] - begins[i]);
    std::uint32_t value = static_cast<unsigned char>(bytes[0]) & kFirst.at(bytes.size());
    for (const char c : bytes.substr(1)) value = value << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    points.push_back(value);
  }
  return Tensor::of<std::int64_t>({std::ssize(points)}, std::span<const std::int64_t>(points));
}

std::string point_text(std::int64_t point) {
  const auto value = static_cast<std::uint32_t>(point);
  std::string text;
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (value < 0x80) {
    add(value);
    return text;
  }
  if (value < 0x800) {
    add(0xC0U | value >> 6U);
  } else if (value < 0x10000) {
    add(0xE0U | value >> 12U);
    add(0x80U | (value >> 6U & 0x3FU));
  } else {
    add(0xF0U | value >> 18U);
    add(0x80U | (value >> 12U & 0x3FU));
    add(0x80U | (value >> 6U & 0x3FU));
  }
  add(0x80U | (value & 0x3FU));
  return text;
}

std::string transcript_text(const Tensor& points) {
  std::string text;
  for (const std::int64_t point : points.as<std::int64_t>())
    if (point >= 0) text += point_text(point);
  return text;
}

std::string transcript_words(const Tensor& target, std::span<const Field> /*fields*/) {
  return fmt::format("'{}'", transcript_text(target));
}

}  // namespace enxerto

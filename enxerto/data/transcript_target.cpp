#include "enxerto/data/transcript_target.h"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/utf8.h"

namespace enxerto {

TargetSpec transcript_target() { return {.kind = std::string(kTranscriptTarget), .names = {"transcript"}}; }

Tensor transcript_points(std::string_view text) {
  std::vector<std::int64_t> points;
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint point = first_point(rest);
    points.push_back(point.value);
    rest.remove_prefix(point.bytes.size());
  }
  return Tensor::of<std::int64_t>({std::ssize(points)}, std::span<const std::int64_t>(points));
}

std::string transcript_text(const Tensor& points) {
  std::string text;
  for (const std::int64_t point : points.as<std::int64_t>())
    if (point >= 0) text += point_text(static_cast<std::uint32_t>(point));
  return text;
}

std::string transcript_words(const Tensor& target, std::span<const Field> /*fields*/) {
  return fmt::format("'{}'", transcript_text(target));
}

}  // namespace enxerto

#include "enxerto/media/field_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/silence.h"
#include "enxerto/media/text/code_points.h"

namespace enxerto {
namespace {

constexpr int kNearlyBlack = 32;  // samples below are what 12 bits leave in 16

FieldFacts facts_of_image(const Field& field, std::string_view where) {
  const Image image =
      field.raw ? image_from_raw(field.bytes.bytes(), *field.raw) : decode_image(field.bytes.bytes(), where);
  FieldFacts facts{.format = "raw", .size = {image.width, image.height}, .unit = "px", .remark = ""};
  if (!field.raw) facts.format = image_format::format_of(field.bytes.bytes())->name;
  if (const int most = *std::ranges::max_element(image.pixels); most < kNearlyBlack)
    facts.remark = fmt::format("nearly black: no sample above {} of 255", most);
  return facts;
}

FieldFacts facts_of_text(const Field& field, std::string_view where) {
  const std::span<const std::byte> bytes = field.bytes.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  require_utf8(text, where);
  if (is_blank(text)) throw data_error(std::string(where), "an empty text", "at least one word");
  return {.format = "",
          .size = {static_cast<std::int64_t>(code_point_begins(text).size()) - 1},
          .unit = "characters",
          .remark = ""};
}

FieldFacts facts_of_clip(const Field& field, std::string_view where) {
  constexpr double kMilliseconds = 1'000;
  const Clip clip = decode_clip(field.bytes.bytes(), where);
  FieldFacts facts{.format = fmt::format("{} {} Hz", clip.format, clip.rate),
                   .size = {std::llround(clip.seconds() * kMilliseconds)},
                   .unit = "ms",
                   .rate = clip.rate,
                   .seconds = clip.seconds()};
  if (const float peak = peak_of(clip.samples); peak < kNearlySilent)
    facts.remark = fmt::format("nearly silent: no sample beyond {:.2g} of full scale", peak);
  return facts;
}

}  // namespace

FieldFacts facts_of(const Field& field, std::string_view where) {
  constexpr std::array kFacts{facts_of_image, facts_of_text, facts_of_clip};  // in the order of the media
  return kFacts.at(static_cast<std::size_t>(field.medium))(field, where);
}

}  // namespace enxerto

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "enxerto/report/charts.h"
#include "enxerto/report/format.h"

namespace enxerto {

namespace {

constexpr std::size_t kNumbersUpTo = 20;
constexpr std::size_t kLongestLabel = 18;

/// The first characters of a label, cut between UTF-8 characters.
std::string shortened(const std::string& label) {
  std::size_t characters = 0, end = 0;
  while (end < label.size()) {
    if ((static_cast<unsigned char>(label[end]) & 0xC0) != 0x80 && ++characters > kLongestLabel) {
      return label.substr(0, end) + "…";
    }
    ++end;
  }
  return label;
}

/// In font heights, rather too wide: nothing of a label may lie outside of the picture.
double width_in_ems(const std::string& label) {
  double ems = 0;
  for (const char byte : label) {
    const auto code = static_cast<unsigned char>(byte);
    if ((code & 0xC0) == 0x80) continue;  // of a character that was counted
    ems += code >= 0xE0 ? 1.0 : std::string_view("MWmw@%").find(byte) != std::string_view::npos ? 0.95 : 0.62;
  }
  return ems;
}

struct Geometry {
  double cell, left, top, right, font;
};

/// As large as labels and cells need, so that a few classes fit on a phone.
Geometry geometry_of(const HeatMap& map) {
  const double cell = std::clamp(420.0 / static_cast<double>(map.labels.size()), 10.0, 48.0);
  const double font = std::clamp(cell * 0.75, 8.0, 12.0);
  double longest = 0;
  for (const std::string& label : map.labels) longest = std::max(longest, width_in_ems(shortened(label)) * font);
  const double slanted = (longest + font) * std::sqrt(0.5);
  return {.cell = cell,
          .left = longest + 14,
          .top = slanted + 14,
          .right = std::max(6.0, slanted - cell / 2 + font),
          .font = font};
}

void draw_label(std::string& svg, const std::string& label, std::size_t position, const Geometry& at) {
  const std::string name = escape_html(shortened(label)), full = escape_html(label);
  const double middle = (static_cast<double>(position) + 0.5) * at.cell;
  svg += fmt::format(
      "<text class=label font-size='{0}' x='{1:.1f}' y='{2:.1f}' text-anchor=end>{3}<title>{4}</title></text>"
      "<text class=label font-size='{0}' transform='translate({5:.1f} {6:.1f}) rotate(-45)'>{3}"
      "<title>{4}</title></text>",
      at.font, at.left - 8, at.top + middle + at.font * 0.35, name, full, at.left + middle + at.font * 0.3, at.top - 8);
}

/// Of four characters at most, as a cell has room for: "9999", "12k", "1.2M", "34M".
std::string short_count(std::int64_t count) {
  constexpr double kThousand = 1e3, kMillion = 1e6;
  const auto number = static_cast<double>(count);
  if (count < 10'000) return std::to_string(count);
  if (number < 0.9995 * kMillion) return fmt::format("{:.0f}k", number / kThousand);
  return fmt::format("{:.{}f}M", number / kMillion, number < 9.95 * kMillion ? 1 : 0);
}

void draw_row(std::string& svg, const HeatMap& map, std::size_t row, const Geometry& at) {
  const std::size_t classes = map.labels.size();
  const auto counts = map.counts.subspan(row * classes, classes);
  std::int64_t total = 0;
  for (const std::int64_t count : counts) total += count;
  const double y = at.top + static_cast<double>(row) * at.cell;
  for (std::size_t column = 0; column < classes; ++column) {
    if (counts[column] <= 0) continue;
    const double share = static_cast<double>(counts[column]) / static_cast<double>(total);
    // The root makes few misses visible beside many hits.
    const double opacity = 0.08 + 0.92 * std::sqrt(share);
    const double x = at.left + static_cast<double>(column) * at.cell;
    svg += fmt::format(
        "<rect class={} x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' fill-opacity='{:.2f}'><title>{} predicted "
        "as {}: {} of {} ({})</title></rect>",
        row == column ? "hit" : "miss", x + 0.5, y + 0.5, at.cell - 1, at.cell - 1, opacity,
        escape_html(map.labels[row]), escape_html(map.labels[column]), counts[column], total, percent(share));
    if (classes > kNumbersUpTo) continue;
    svg += fmt::format("<text class='count{}' font-size='{}' x='{:.1f}' y='{:.1f}' text-anchor=middle>{}</text>",
                       opacity > 0.62 ? " on" : "", std::min(at.font, at.cell * 0.34), x + at.cell / 2,
                       y + at.cell / 2 + at.font * 0.33, short_count(counts[column]));
  }
}

}  // namespace

std::string heat_map(const HeatMap& map) {
  const std::size_t classes = map.labels.size();
  if (classes == 0 || map.counts.size() != classes * classes) return "";
  const Geometry at = geometry_of(map);
  const double side = at.cell * static_cast<double>(classes), width = at.left + side + at.right;
  // Smaller than this nobody reads it: a phone scrolls then.
  std::string svg = fmt::format(
      "<svg class=heat style='max-width:{0:.0f}px;min-width:{1:.0f}px' viewBox='0 0 {0:.0f} {2:.0f}' role=img "
      "aria-label='Confusion matrix'>"
      "<rect class=field x='{3:.1f}' y='{4:.1f}' width='{5:.1f}' height='{5:.1f}'/>",
      width, 0.6 * width, at.top + side + 6, at.left, at.top, side);
  for (std::size_t i = 0; i < classes; ++i) draw_label(svg, map.labels[i], i, at);
  for (std::size_t row = 0; row < classes; ++row) draw_row(svg, map, row, at);
  return svg + "</svg>";
}

std::string bar_rows(std::span<const Bar> bars) {
  double longest = 0;
  for (const Bar& bar : bars) longest = std::max(longest, bar.value);
  std::string html = "<div class=bars>";
  for (const Bar& bar : bars) {
    const double share = longest > 0 && std::isfinite(bar.value) ? std::max(0.0, bar.value / longest) : 0;
    html +=
        fmt::format("<span>{}</span><span class=track><i style='width:{:.1f}%'></i></span><span class=num>{}</span>",
                    escape_html(bar.name), share * 100, escape_html(bar.text));
  }
  return html + "</div>";
}

}  // namespace enxerto

#include "enxerto/report/format.h"

#include <fmt/format.h>

#include <cmath>

#include "enxerto/base/quantity.h"

namespace enxerto {

namespace {

/// The picture of a control character (U+2400 ..), so that a newline in a file's name is seen; of ends of lines and
/// tabs, which texts are full of, signs that all fonts have.
std::string control_picture(unsigned char character) {
  if (character == '\n') return "↵";
  if (character == '\t') return "→";
  const unsigned code = character == 0x7F ? 0x21U : character;
  return {'\xE2', '\x90', static_cast<char>(0x80 + code)};
}

bool is_control(unsigned char character) { return character < 0x20 || character == 0x7F; }

}  // namespace

std::string measure(double value) {
  if (!std::isfinite(value)) return "–";
  const double size = std::abs(value);
  if (size >= 999.95 && size < 1e15)
    return (value < 0 ? "-" : "") + format_count(static_cast<std::uint64_t>(std::llround(size)));
  return fmt::format("{:.4g}", value);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "–";
  if (seconds < 0.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string escape_html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char character : text) {
    switch (character) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        if (is_control(static_cast<unsigned char>(character))) {
          safe += control_picture(static_cast<unsigned char>(character));
        } else {
          safe += character;
        }
    }
  }
  return safe;
}

std::string with_kept_shares(std::string html) {
  constexpr std::string_view kSign = " %";
  for (std::size_t at = html.find(kSign); at != std::string::npos; at = html.find(kSign, at))
    html.replace(at, 1, "&nbsp;");
  return html;
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]<>()#+!|~&";
  std::string safe;
  safe.reserve(text.size());
  for (const char character : text) {
    if (is_control(static_cast<unsigned char>(character))) {
      safe += control_picture(static_cast<unsigned char>(character));
      continue;
    }
    if (kSpecial.find(character) != std::string_view::npos) safe += '\\';
    safe += character;
  }
  return safe;
}

}  // namespace enxerto

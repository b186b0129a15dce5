#include "enxerto/data/colour_table.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostColours = ColourTable::kFirstUnknown, kMostUnknown = 4096, kChannels = 3;
constexpr std::string_view kBetweenWords = " \t,:;";

std::optional<std::uint8_t> channel_of(std::string_view word) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool whole = error == std::errc() && end == word.data() + word.size() && value <= UINT8_MAX;
  return whole ? std::optional(static_cast<std::uint8_t>(value)) : std::nullopt;
}

/// Of three words from `first` on.
std::optional<RgbColour> colour_at(const std::vector<std::string_view>& words, std::size_t first) {
  RgbColour colour{};
  if (first + kChannels > words.size()) return std::nullopt;
  for (std::size_t c = 0; c < kChannels; ++c) {
    const auto channel = channel_of(words[first + c]);
    if (!channel) return std::nullopt;
    colour.at(c) = *channel;
  }
  return colour;
}

struct NamedColour {
  std::string name;
  RgbColour colour;
};

/// What lies in the line from the word `first` to `last`, as it is written.
std::string written(std::string_view line, std::string_view first, std::string_view last) {
  const std::size_t begin = static_cast<std::size_t>(first.data() - line.data());
  return std::string(line.substr(begin, static_cast<std::size_t>(last.data() + last.size() - line.data()) - begin));
}

/// Red, green, blue and a name; or the name first.
std::optional<NamedColour> named_colour(std::string_view line) {
  const std::vector<std::string_view> words = words_between(line, kBetweenWords);
  if (words.size() <= kChannels) return std::nullopt;
  for (std::size_t i = 1; i + kChannels <= words.size(); ++i)
    if (const auto colour = colour_at(words, i); colour && !channel_of(words[i - 1])) {
      const bool numbered = i > 1 && channel_of(words[0]).has_value();  // a column of numbers before the names
      return NamedColour{written(line, words[numbered ? 1 : 0], words[i - 1]), *colour};
    }
  if (const auto colour = colour_at(words, 0))
    return NamedColour{written(line, words[kChannels], words.back()), *colour};
  return std::nullopt;
}

/// A name and numbers, of which one is missing or out of range.
bool is_meant_as_colour(std::string_view line) {
  const auto is_number = [](std::string_view word) {
    return word.find_first_not_of("-+.0123456789") == std::string_view::npos;
  };
  return std::ranges::count_if(words_between(line, kBetweenWords), is_number) >= 2;
}

}  // namespace

ColourTable::ColourTable(const std::vector<RgbColour>& colours) {
  for (const RgbColour& colour : colours) numbers_.emplace(colour, static_cast<std::uint16_t>(numbers_.size()));
}

std::uint16_t ColourTable::number_of(const RgbColour& colour, std::string_view where) const {
  const std::scoped_lock lock(mutex_);
  const auto [found, is_new] = numbers_.emplace(colour, next_);
  if (is_new && ++next_ > kFirstUnknown + kMostUnknown)
    throw data_error(std::string(where), fmt::format("more than {} colours that have no name", kMostUnknown),
                     "a mask: the colours of the table only",
                     "save masks without smoothing (anti-aliasing) and without loss");
  return found->second;
}

std::string ColourTable::shown(std::int64_t number) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [colour, its] : numbers_)
    if (its == number) return fmt::format("the colour {}, {}, {}", colour[0], colour[1], colour[2]);
  return fmt::format("{}", number);
}

std::optional<MaskNames> parse_colour_table(std::string_view text, const std::string& where) {
  MaskNames names{.where = where};
  std::vector<RgbColour> colours;
  std::set<RgbColour> known;
  std::size_t others = 0, alike = 0, first_other = 0;  // lines that are none, and those of them that try to be one
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    line = right_trimmed(trimmed(line));
    if (line.empty() || line.starts_with('#')) return;
    if (line.starts_with("*")) {
      const std::vector<std::string_view> words = words_between(line, kBetweenWords);
      if (words.size() > 1) names.of_others = written(line, words[1], words.back());
      if (words.size() > 1) return;
    }
    std::optional<NamedColour> one = named_colour(line);
    if (!one) {
      first_other = others++ == 0 ? number : first_other;
      alike += is_meant_as_colour(line) ? 1 : 0;
      return;
    }
    if (colours.size() == kMostColours)
      throw data_error(fmt::format("{}:{}", where, number), fmt::format("more than {} colours", kMostColours),
                       fmt::format("at most {}", kMostColours));
    if (!known.insert(one->colour).second)
      throw data_error(
          fmt::format("{}:{}", where, number),
          fmt::format("the colour {}, {}, {} is there twice", one->colour[0], one->colour[1], one->colour[2]),
          "a colour of its own for each class");
    names.of_value.emplace(static_cast<std::int64_t>(colours.size()), std::move(one->name));
    colours.push_back(one->colour);
  });
  if (colours.empty() || others - alike >= colours.size()) return std::nullopt;
  if (others > 1 || first_other > 1 || alike > 0)
    throw data_error(fmt::format("{}:{}", where, first_other), "no name with red, green and blue",
                     "a name and three numbers from 0 to 255, as the other lines have");
  names.colours = std::make_shared<const ColourTable>(colours);
  return names;
}

NumberedPicture decode_coloured_mask(std::span<const std::byte> bytes, std::string_view where,
                                     const ColourTable& colours) {
  const image_format::Format* format = image_format::format_of(bytes);
  if (format != nullptr && format->name == "JPEG")
    throw data_error(std::string(where), "a mask in a JPEG file, which changes colours",
                     "a PNG file, which keeps each colour as it is", "save the masks as PNG");
  const Image image = decode_image(bytes, where);
  NumberedPicture mask{.width = image.width, .height = image.height, .numbers = {}};
  mask.numbers.reserve(image.pixels.size() / kChannels);
  RgbColour last{};
  std::uint16_t number = 0;
  for (std::size_t i = 0; i + kChannels <= image.pixels.size(); i += kChannels) {
    const RgbColour colour{image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]};
    if (i == 0 || colour != last) number = colours.number_of(colour, where);
    last = colour;
    mask.numbers.push_back(number);
  }
  return mask;
}

}  // namespace enxerto

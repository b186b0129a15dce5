#include "enxerto/media/image/text_line_preprocessor.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/linear_resize.h"
#include "enxerto/media/image/resize.h"
#include "enxerto/media/image/smooth_noise.h"
#include "enxerto/media/image/transparency.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMostColumns = 65'536, kMostLineHeight = 512, kLeastPictureHeight = 4;

struct LineNumber {
  std::string_view name;
  std::int64_t TextLinePreprocess::* value;
};
constexpr std::array kLineNumbers{
    LineNumber{"height", &TextLinePreprocess::height}, LineNumber{"least", &TextLinePreprocess::least},
    LineNumber{"most", &TextLinePreprocess::most}, LineNumber{"step", &TextLinePreprocess::step},
    LineNumber{"reach", &TextLinePreprocess::reach}};

struct LineTriple {
  std::string_view name;
  std::array<float, 3> TextLinePreprocess::* value;
};
constexpr std::array kLineTriples{LineTriple{"mean", &TextLinePreprocess::mean},
                                  LineTriple{"deviation", &TextLinePreprocess::deviation}};
constexpr std::array<std::string_view, 2> kLineChannels{"rgb", "bgr"};

[[noreturn]] void refuse_line(std::string_view where, std::string_view key, std::string found, std::string expected) {
  throw data_error(fmt::format("{}: {}", where, as_utf8(key)), std::move(found), std::move(expected));
}

/// Columns of a line and of the picture of it, which is followed by nothing.
struct LineWidth {
  std::int64_t columns = 0, picture = 0;
};

LineWidth width_of(const Image& image, const TextLinePreprocess& preprocess) {
  const double ratio = static_cast<double>(image.width) / static_cast<double>(image.height);
  const auto height = static_cast<double>(preprocess.height);
  const auto columns =
      static_cast<std::int64_t>(height * std::max(ratio, static_cast<double>(preprocess.least) / height));
  return {.columns = columns, .picture = std::min(columns, static_cast<std::int64_t>(std::ceil(height * ratio)))};
}

/// The line in rows below each other, about as high as they are wide, at most `side` px: people read it so.
Image folded(const Image& line, int side) {
  const int rows = std::max(1, static_cast<int>(std::lround(std::sqrt(static_cast<double>(line.width) / line.height))));
  const int across = (line.width + rows - 1) / rows;
  Image all{.width = across, .height = rows * line.height, .pixels = {}};
  for (int row = 0; row < rows; ++row) {
    const Image part = crop(line, row * across, 0, across, line.height);
    all.pixels.insert(all.pixels.end(), part.pixels.begin(), part.pixels.end());
  }
  const double scale = std::min(1.0, static_cast<double>(side) / std::max(all.width, all.height));
  const auto scaled = [&](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  return resize(all, scaled(all.width), scaled(all.height), Filter::bilinear);
}

class TextLinePreprocessor final : public Preprocessor {
 public:
  explicit TextLinePreprocessor(const TextLinePreprocess& preprocess)
      : preprocess_(preprocess),
        inputs_{InputSpec{.name = std::string(kLineRows), .shape = {-1, 3, preprocess.height, preprocess.step}},
                InputSpec{.name = "attention_mask", .dtype = DType::i64, .shape = {-1}},
                InputSpec{.name = std::string(kColumnCount), .dtype = DType::i64, .shape = {1}}} {
    for (std::size_t c = 0; c < values_.size(); ++c)
      for (std::size_t v = 0; v < values_[c].size(); ++v)
        values_[c][v] = (static_cast<float>(v) / preprocess_.divisor - preprocess_.mean[c]) / preprocess_.deviation[c];
  }

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    if (view.augment != nullptr) (void)random_changes(*view.augment);
    const Image image = read(example, view.where);
    const LineWidth width = width_of(image, preprocess_);
    const Image line = resize_linear(image, static_cast<int>(width.picture), static_cast<int>(preprocess_.height));
    const std::int64_t rows = (width.columns + preprocess_.step - 1) / preprocess_.step;
    const std::span<std::byte> room = out.slot(0, {rows, 3, preprocess_.height, preprocess_.step});
    write(line, {reinterpret_cast<float*>(room.data()), room.size() / sizeof(float)});
    auto* const mask = reinterpret_cast<std::int64_t*>(out.slot(1, {rows}).data());
    const std::int64_t answered = (width.columns + preprocess_.step - preprocess_.reach) / preprocess_.step;
    std::fill(std::fill_n(mask, answered, std::int64_t{1}), mask + rows, std::int64_t{0});
    *reinterpret_cast<std::int64_t*>(out.slot(2, {1}).data()) = width.columns;
    return {};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    const auto side = static_cast<int>(preprocess_.height);
    return {as_field(smooth_noise(side * (8 + static_cast<int>(number % 3)), side, number))};
  }

  Json record() const override {
    Json record{{"kind", "text_line"}, {"divisor", preprocess_.divisor}};
    for (const LineNumber& member : kLineNumbers) record[std::string(member.name)] = preprocess_.*member.value;
    for (const LineTriple& member : kLineTriples) record[std::string(member.name)] = preprocess_.*member.value;
    record["channels"] = kLineChannels.at(reversed() ? 1 : 0);
    return record;
  }

  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    constexpr int kQuality = 80;
    const Image image = folded(read(example, view.where), side);
    return Preview{.type = "image/jpeg", .bytes = encode_jpeg(image, kQuality)};
  }

  void check_readable(std::span<const Field> example, std::string_view where) const override {
    (void)read(example, where);
  }

  std::string summary() const override {
    return fmt::format("lines of {} px height, {} to {} px wide", preprocess_.height, preprocess_.least,
                       preprocess_.most);
  }

 private:
  bool reversed() const { return preprocess_.channels == ImagePreprocess::Channels::bgr; }

  Image read(std::span<const Field> example, std::string_view where) const {
    const bool encoded = example.size() == 1 && example[0].medium == Medium::image && !example[0].raw;
    Image image = encoded ? decode_on_paper(example[0].bytes.bytes(), where) : decode(example, where, {});
    const std::string size = fmt::format("a picture of {} x {} px", image.width, image.height);
    if (image.height < kLeastPictureHeight)
      throw data_error(std::string(where), size,
                       fmt::format("a line of text, {} px high or more", kLeastPictureHeight));
    if (const std::int64_t columns = width_of(image, preprocess_).columns; columns > preprocess_.most)
      throw data_error(
          std::string(where), fmt::format("{}, {} px wide at a height of {} px", size, columns, preprocess_.height),
          fmt::format("at most {} px", preprocess_.most), "cut it between words, or allow more with input.most");
    return image;
  }

  /// (rows, 3, height, step)
  void write(const Image& line, std::span<float> out) const {
    std::ranges::fill(out, 0.0F);
    const std::size_t step = to_size(preprocess_.step), height = to_size(preprocess_.height);
    const std::size_t plane = height * step, row = 3 * plane;
    const std::uint8_t* pixel = line.pixels.data();
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < to_size(line.width); ++x, pixel += 3) {
        float* const to = out.data() + x / step * row + y * step + x % step;
        for (std::size_t c = 0; c < 3; ++c) to[c * plane] = values_[c][pixel[reversed() ? 2 - c : c]];
      }
  }

  TextLinePreprocess preprocess_;
  std::array<InputSpec, 3> inputs_;
  std::array<std::array<float, 256>, 3> values_{};
};

std::int64_t line_member(const Json& record, std::string_view key, std::string_view where) {
  const auto found = record.find(std::string(key));
  if (found == record.end()) refuse_line(where, key, "missing", "a whole number");
  if (!found->is_number() || std::abs(found->get<double>()) > static_cast<double>(kMostColumns) ||
      found->get<double>() != std::floor(found->get<double>()))
    refuse_line(where, key, found->dump(), "a whole number");
  return static_cast<std::int64_t>(found->get<double>());
}

std::array<float, 3> three_numbers(const Json& record, std::string_view key, std::string_view where) {
  const auto found = record.find(std::string(key));
  const bool three = found != record.end() && found->is_array() && found->size() == 3 &&
                     std::ranges::all_of(*found, [](const Json& number) { return number.is_number(); });
  if (!three) refuse_line(where, key, found == record.end() ? "missing" : found->dump(), "three numbers");
  return found->get<std::array<float, 3>>();
}

void check_line(const TextLinePreprocess& preprocess, std::string_view where) {
  const auto refuse_range = [&](std::string_view key, std::int64_t found, std::int64_t low, std::int64_t high) {
    if (found < low || found > high)
      refuse_line(where, key, fmt::format("{}", found), fmt::format("{} to {}", low, high));
  };
  refuse_range("height", preprocess.height, kLeastPictureHeight, kMostLineHeight);
  refuse_range("step", preprocess.step, 1, kMostLineHeight);
  refuse_range("reach", preprocess.reach, 1, preprocess.step);
  refuse_range("least", preprocess.least, preprocess.step, kMostColumns);
  refuse_range("most", preprocess.most, preprocess.least, kMostColumns);
  if (!(preprocess.divisor > 0)) refuse_line(where, "divisor", fmt::format("{}", preprocess.divisor), "above 0");
  for (const float deviation : preprocess.deviation)
    if (!(deviation > 0)) refuse_line(where, "deviation", fmt::format("{}", deviation), "above 0");
}

}  // namespace

PreprocessorPtr text_line_preprocessor(const TextLinePreprocess& preprocess, std::string_view where) {
  check_line(preprocess, where);
  return std::make_shared<TextLinePreprocessor>(preprocess);
}

PreprocessorPtr text_line_preprocessor_from_record(const Json& record, std::string_view where) {
  std::vector<std::string> names{"divisor", "channels"};
  for (const LineNumber& member : kLineNumbers) names.emplace_back(member.name);
  for (const LineTriple& member : kLineTriples) names.emplace_back(member.name);
  for (const auto& [key, value] : record.items())
    if (std::ranges::find(names, key) == names.end())
      refuse_line(where, key, fmt::format("not a member of a line's record{}", did_you_mean(key, names)),
                  fmt::format("{}", fmt::join(names, ", ")));
  TextLinePreprocess preprocess;
  for (const LineNumber& member : kLineNumbers) preprocess.*member.value = line_member(record, member.name, where);
  for (const LineTriple& member : kLineTriples) preprocess.*member.value = three_numbers(record, member.name, where);
  const auto divisor = record.find("divisor");
  if (divisor == record.end() || !divisor->is_number()) refuse_line(where, "divisor", "no number", "a number");
  preprocess.divisor = divisor->get<float>();
  const auto channels = record.find("channels");
  if (channels == record.end() || (*channels != kLineChannels[0] && *channels != kLineChannels[1]))
    refuse_line(where, "channels", channels == record.end() ? "missing" : channels->dump(), "rgb or bgr");
  preprocess.channels = *channels == kLineChannels[1] ? ImagePreprocess::Channels::bgr : ImagePreprocess::Channels::rgb;
  return text_line_preprocessor(preprocess, where);
}

}  // namespace enxerto

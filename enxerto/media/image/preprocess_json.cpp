#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "enxerto/base/error.h"
#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/image/preprocess_check.h"

namespace enxerto {
namespace {

constexpr int kVersion = 1;
constexpr std::array<std::string_view, 2> kFits{"squash", "center_crop"};  // in the order of `Fit`
constexpr std::array<std::string_view, 2> kChannels{"rgb", "bgr"};         // in the order of `Channels`
constexpr std::array<std::string_view, 10> kPreprocessFields{
    "size", "fit", "crop_fraction", "filter", "divisor", "mean", "deviation", "channels", "scaled_decode", "version"};

[[noreturn]] void throw_wrong(std::string_view where, std::string_view field, std::string found, std::string expected) {
  throw data_error(fmt::format("{}: {}", where, field), std::move(found), std::move(expected));
}

const Json& field(const Json& json, std::string_view name, std::string_view where) {
  const auto found = json.find(std::string(name));
  if (found == json.end()) throw_wrong(where, name, "missing", "a value");
  return *found;
}

int whole_number(const Json& json, std::string_view name, std::string_view where) {
  const Json& value = field(json, name, where);
  const bool fits =
      value.is_number_integer() && value.get<double>() >= -2147483648.0 && value.get<double>() <= 2147483647.0;
  if (!fits) throw_wrong(where, name, value.dump(), "a whole number");
  return value.get<int>();
}

double number(const Json& value, std::string_view name, std::string_view where) {
  if (!value.is_number()) throw_wrong(where, name, value.dump(), "a number");
  return value.get<double>();
}

std::string text(const Json& json, std::string_view name, std::string_view where) {
  const Json& value = field(json, name, where);
  if (!value.is_string()) throw_wrong(where, name, value.dump(), "a text");
  return value.get<std::string>();
}

bool truth(const Json& json, std::string_view name, std::string_view where) {
  const Json& value = field(json, name, where);
  if (!value.is_boolean()) throw_wrong(where, name, value.dump(), "true or false");
  return value.get<bool>();
}

std::array<float, 3> three(const Json& json, std::string_view name, std::string_view where) {
  const Json& value = field(json, name, where);
  if (!value.is_array() || value.size() != 3) throw_wrong(where, name, value.dump(), "three numbers");
  std::array<float, 3> numbers{};
  for (std::size_t i = 0; i < 3; ++i) numbers[i] = static_cast<float>(number(value[i], name, where));
  return numbers;
}

/// Where one of `words` stands among them; their order is that of the enumeration.
std::size_t choice(const Json& json, std::string_view name, std::span<const std::string_view> words,
                   std::string_view where) {
  const std::string word = text(json, name, where);
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) throw_wrong(where, name, word, fmt::format("one of {}", fmt::join(words, ", ")));
  return static_cast<std::size_t>(found - words.begin());
}

Filter filter_of(const Json& json, std::string_view where) {
  const std::string name = text(json, "filter", where);
  const std::optional<Filter> filter = filter_named(name);
  if (!filter) throw_wrong(where, "filter", name, "nearest, box, bilinear, hamming, bicubic or lanczos");
  return *filter;
}

}  // namespace

void check(const ImagePreprocess& preprocess, std::string_view where) {
  const auto finite = [](float value) { return std::isfinite(value); };
  if (preprocess.size < 1 || preprocess.size > kMaxInputSide) {
    throw_wrong(where, "size", std::to_string(preprocess.size), fmt::format("1 to {} px", kMaxInputSide));
  }
  const double fraction = preprocess.crop_fraction;
  if (!(fraction > 0.0 && fraction <= 1.0 && preprocess.size / fraction <= 16.0 * kMaxInputSide)) {
    throw_wrong(where, "crop_fraction", fmt::format("{}", fraction), "above 0 and at most 1");
  }
  if (!finite(preprocess.divisor) || preprocess.divisor <= 0) {
    throw_wrong(where, "divisor", fmt::format("{}", preprocess.divisor), "a number above 0");
  }
  if (!std::all_of(preprocess.mean.begin(), preprocess.mean.end(), finite)) {
    throw_wrong(where, "mean", "a number that is not finite", "three numbers");
  }
  if (!std::all_of(preprocess.deviation.begin(), preprocess.deviation.end(),
                   [&](float value) { return finite(value) && value > 0; })) {
    throw_wrong(where, "deviation", "a number that is not above 0", "three numbers above 0");
  }
  if (preprocess.version != kVersion) {
    throw_wrong(where, "version", std::to_string(preprocess.version), std::to_string(kVersion));
  }
}

Json to_json(const ImagePreprocess& preprocess) {
  return {{"size", preprocess.size},
          {"fit", kFits[static_cast<std::size_t>(preprocess.fit)]},
          {"crop_fraction", preprocess.crop_fraction},
          {"filter", name_of(preprocess.filter)},
          {"divisor", preprocess.divisor},
          {"mean", preprocess.mean},
          {"deviation", preprocess.deviation},
          {"channels", kChannels[static_cast<std::size_t>(preprocess.channels)]},
          {"scaled_decode", preprocess.scaled_decode},
          {"version", preprocess.version}};
}

ImagePreprocess image_preprocess_from_json(const Json& json, std::string_view where) {
  if (!json.is_object()) throw_wrong(where, "image preprocessing", json.type_name(), "an object");
  for (const auto& item : json.items()) {
    if (std::find(kPreprocessFields.begin(), kPreprocessFields.end(), item.key()) == kPreprocessFields.end()) {
      throw_wrong(where, item.key(), "unknown", fmt::format("only {}", fmt::join(kPreprocessFields, ", ")));
    }
  }
  ImagePreprocess preprocess;
  preprocess.size = whole_number(json, "size", where);
  preprocess.fit = static_cast<ImagePreprocess::Fit>(choice(json, "fit", kFits, where));
  preprocess.crop_fraction = number(field(json, "crop_fraction", where), "crop_fraction", where);
  preprocess.filter = filter_of(json, where);
  if (json.contains("divisor")) preprocess.divisor = static_cast<float>(number(json["divisor"], "divisor", where));
  if (json.contains("channels"))
    preprocess.channels = static_cast<ImagePreprocess::Channels>(choice(json, "channels", kChannels, where));
  preprocess.mean = three(json, "mean", where);
  preprocess.deviation = three(json, "deviation", where);
  preprocess.scaled_decode = truth(json, "scaled_decode", where);
  preprocess.version = whole_number(json, "version", where);
  check(preprocess, where);
  return preprocess;
}

}  // namespace enxerto

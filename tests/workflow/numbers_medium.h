#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/preprocessor.h"
#include "tests/media/text_field.h"

namespace enxerto::testing {

/// A medium that the library has never heard of: the first number of a text is a scale, the others are a sequence of
/// any length, of which the last `limit` are left.
class NumbersPreprocessor final : public Preprocessor {
 public:
  explicit NumbersPreprocessor(std::int64_t limit) : limit_(limit) {}

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    const auto text = example[0].bytes.as<std::uint8_t>();
    std::istringstream words(std::string(text.begin(), text.end()));
    std::vector<float> numbers;
    for (float number = 0; words >> number;) numbers.push_back(number);
    if (!words.eof() || numbers.size() < 2) throw data_error(std::string(view.where), "no numbers", "two at least");
    const auto length = std::min(static_cast<std::int64_t>(numbers.size()) - 1, limit_);
    const std::vector<float> counts(static_cast<std::size_t>(length), 1.0F);
    const float* const last = numbers.data() + numbers.size() - length;
    std::memcpy(out.slot(0, {length}).data(), last, counts.size() * sizeof(float));
    std::memcpy(out.slot(1, {length}).data(), counts.data(), counts.size() * sizeof(float));
    std::memcpy(out.slot(2, {1}).data(), numbers.data(), sizeof(float));
    return {};
  }

  std::vector<Field> sample(std::uint64_t number) const override {
    return {text_field("2 0.5 -0.25 " + std::to_string(number))};
  }

  Json record() const override { return {{"kind", "numbers"}, {"limit", limit_}}; }

  static PreprocessorPtr from_record(const Json& record, std::string_view where) {
    return std::make_shared<NumbersPreprocessor>(member<std::int64_t>(record, "limit", where, ErrorKind::data));
  }

 private:
  std::int64_t limit_;
  std::vector<InputSpec> inputs_{{.name = "values", .dtype = DType::f32, .shape = {-1}},
                                 {.name = "attention_mask", .dtype = DType::f32, .shape = {-1}},
                                 {.name = "scale", .dtype = DType::f32, .shape = {1}}};
};

/// Class folders of such texts, 3 to 32 numbers each: "calm" ones are near 0, "wild" ones are not. No two are equal.
inline void write_numbers(const std::filesystem::path& root, int per_class) {
  for (const bool wild : {false, true}) {
    const std::filesystem::path folder = root / (wild ? "wild" : "calm");
    std::filesystem::create_directories(folder);
    for (int i = 0; i < per_class; ++i) {
      std::ofstream file(folder / (std::to_string(i) + ".txt"));
      file << 1 + i % 3;
      for (int k = 0; k < 3 + i * 7 % 30; ++k) file << ' ' << (k % 2 == 0 ? 1 : -1) * (wild ? 1.5 : 0.2) + 0.01 * i;
      file << '\n';
    }
  }
}

}  // namespace enxerto::testing

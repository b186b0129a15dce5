#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/preprocessor.h"
#include "tests/media/text_field.h"

namespace enxerto::testing {

/// A medium that there is not: a text of digits becomes "digits" (-1), one number a digit, and "sum" (1).
class Numbers final : public Preprocessor {
 public:
  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    const auto text = example[0].bytes.as<std::uint8_t>();
    if (std::any_of(text.begin(), text.end(), [](std::uint8_t c) { return c < '0' || c > '9'; }))
      throw Error(ErrorKind::data,
                  {.where = std::string(view.where), .found = "no digit", .expected = "0 to 9", .tip = ""});
    auto* digits = reinterpret_cast<float*>(out.slot(0, {static_cast<std::int64_t>(text.size())}).data());
    auto* sum = reinterpret_cast<float*>(out.slot(1, {1}).data());
    *sum = 0;
    for (const std::uint8_t c : text) *sum += (*digits++ = static_cast<float>(c - '0'));
    return {};
  }

  std::vector<Field> sample(std::uint64_t number) const override { return {text_field(std::to_string(number))}; }

  Json record() const override { return {{"kind", "numbers"}}; }

 private:
  std::vector<InputSpec> inputs_{{.name = "digits", .dtype = DType::f32, .shape = {-1}, .padding = -1},
                                 {.name = "sum", .dtype = DType::f32, .shape = {1}}};
};

}  // namespace enxerto::testing

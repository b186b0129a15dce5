#pragma once
#include <optional>
#include <string_view>

namespace enxerto {

/// Whether a cell says that nothing is known: N/A, NA, none, null, - or ?.
bool says_nothing(std::string_view cell);

/// Such a word, or a number that is none: what programs write where nothing is known ("NA", "nan", "inf").
bool is_gap(std::string_view cell);

/// A finite number that float32 holds, with a decimal point whatever the locale, spaces around it and a sign allowed;
/// nullopt for all else.
std::optional<float> csv_number(std::string_view cell);

/// The whole text as a number, in any magnitude that double has; nullopt for all else, blanks around it too.
std::optional<double> plain_number(std::string_view text);

/// 0 and 1 as numbers, true and false, yes and no in any case of letters; nullopt for all else.
std::optional<bool> csv_flag(std::string_view cell);

/// Whether it is what programs write for a number that is missing or too large: "nan", "inf", "1e99".
bool is_not_finite(std::string_view cell);

/// Whether it is a number with a sign of currency before it or a unit behind it: "R$ 1.500", "12 kg", "30 %",
/// or with something between its thousands: "24.500,00", "1 500".
bool is_number_with_unit(std::string_view cell);

/// Whether it is a number with a decimal comma: "1,5".
bool has_decimal_comma(std::string_view cell);

}  // namespace enxerto

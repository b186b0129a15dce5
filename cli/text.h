#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/data/bad_example.h"
#include "enxerto/files/json.h"

namespace enxerto::cli {

/// "model     flowers.model": the label, padded to `width`, and what it says; without a label its next line.
inline constexpr std::size_t kLabelWidth = 10;
void print_labelled(std::string_view label, std::string_view text, std::size_t width = kLabelWidth);

/// "features 3.2 s, head 0.4 s".
std::string timing_text(const std::vector<std::pair<std::string, double>>& seconds);
Json timing_json(const std::vector<std::pair<std::string, double>>& seconds);

/// [{"name": .., "reason": ..}].
Json skipped_json(const std::vector<BadExample>& skipped);

/// One line a skipped picture on standard output, the first few.
void print_skipped(const std::vector<BadExample>& skipped);

/// As a shell takes it for one word: quoted where it must be.
std::string shell_word(const std::string& text);

/// What is not to reach a terminal as it is (escape sequences and other control characters, bytes that are no UTF-8) as
/// \xNN; line feeds and tabs stay.
std::string on_terminal(std::string_view text);

/// Characters of UTF-8.
std::size_t width_of(std::string_view text);

/// Columns padded to their widest cell, those of numbers (cells below the first that begin with a digit or a sign, or
/// are a dash) to the right.
std::string table(const std::vector<std::vector<std::string>>& given);

/// The same, below each other in as many parts as are needed for lines of at most `width` characters; each begins with
/// the first column. A column that is wider alone stays so.
std::string folded_table(const std::vector<std::vector<std::string>>& rows, std::size_t width);

}  // namespace enxerto::cli

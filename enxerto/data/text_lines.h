#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// The lines of a short list, whatever system wrote it, without spaces behind them; empty ones are left out.
std::vector<std::string> text_lines_of(std::string_view text);

/// Every line, whatever system wrote it, blank ones too.
std::vector<std::string> all_text_lines_of(std::string_view text);

}  // namespace enxerto

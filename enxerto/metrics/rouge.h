#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// The words that ROUGE compares (package rouge_score 0.1.2, without its stemmer): lower case, runs of a to z and 0 to
/// 9; all else divides them.
std::vector<std::string> rouge_words(std::string_view text);

/// ROUGE-L of a text (Lin 2004), 0 to 1: F1 of the longest common subsequence of the words; 0 where one has no words.
double rouge_l(std::string_view said, std::string_view reference);

}  // namespace enxerto

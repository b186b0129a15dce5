#include "enxerto/metrics/answer_text.h"

#include <clocale>
#include <cwctype>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

#include <re2/re2.h>

#include "enxerto/base/utf8.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

/// The tables of Unicode that C has, whatever the program's locale is.
locale_t unicode() {
  static const locale_t kLocale = [] {
    const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return utf8 != nullptr ? utf8 : newlocale(LC_CTYPE_MASK, "C", nullptr);
  }();
  return kLocale;
}

/// Letters, numbers and the underscore: what Python's \w is.
bool is_word(std::string_view code_point) {
  static const RE2 kWord("[\\pL\\pN_]");
  return RE2::FullMatch(code_point, kWord);
}

constexpr std::uint32_t kCapitalSigma = 0x3A3, kFinalSigma = 0x3C2, kDottedI = 0x130;

std::string without_punctuation(std::string_view text) {
  constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  std::string kept;
  std::ranges::copy_if(text, std::back_inserter(kept),
                       [&](char c) { return kPunctuation.find(c) == std::string_view::npos; });
  return kept;
}

/// \b(a|an|the)\b, each a space.
std::string without_articles(std::string_view text) {
  constexpr std::array<std::string_view, 3> kArticles{"a", "an", "the"};
  std::string kept;
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view word, point = first_point(rest).bytes;
    while (word.size() < rest.size() && is_word(point)) {
      word = rest.substr(0, word.size() + point.size());
      if (word.size() < rest.size()) point = first_point(rest.substr(word.size())).bytes;
    }
    const bool article = std::ranges::find(kArticles, word) != kArticles.end();
    if (word.empty()) word = point;
    kept += article ? std::string_view(" ") : word;
    rest.remove_prefix(word.size());
  }
  return kept;
}

}  // namespace

std::string lowered_text(std::string_view text) {
  std::string lowered;
  bool letter_before = false;
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint point = first_point(rest);
    rest.remove_prefix(point.bytes.size());
    const bool letter = iswalpha_l(static_cast<wint_t>(point.value), unicode()) != 0;
    if (point.value == kCapitalSigma) {
      const bool letter_behind =
          !rest.empty() && iswalpha_l(static_cast<wint_t>(first_point(rest).value), unicode()) != 0;
      lowered += point_text(letter_before && !letter_behind ? kFinalSigma : 0x3C3);
    } else if (point.value == kDottedI) {
      lowered += "i\xCC\x87";
    } else if (point.bytes.size() == 1 && point.value >= 0x80) {
      lowered += point.bytes;
    } else {
      lowered += point_text(static_cast<std::uint32_t>(towlower_l(static_cast<wint_t>(point.value), unicode())));
    }
    letter_before = letter;
  }
  return lowered;
}

std::vector<std::string> answer_words(std::string_view text) {
  const std::string plain = without_articles(without_punctuation(lowered_text(text)));
  const std::vector<std::string_view> words = split_at_blanks(plain);
  return {words.begin(), words.end()};
}

std::string normalised_answer(std::string_view text) {
  std::string joined;
  for (const std::string& word : answer_words(text)) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

double answer_f1(std::string_view answer, std::string_view truth, bool none_counts) {
  const std::vector<std::string> said = answer_words(answer), right = answer_words(truth);
  if (none_counts && (said.empty() || right.empty())) return said.empty() && right.empty() ? 1 : 0;
  std::map<std::string_view, std::size_t> left;
  for (const std::string& word : right) ++left[word];
  std::size_t common = 0;
  for (const std::string& word : said) {
    const auto found = left.find(word);
    if (found == left.end() || found->second == 0) continue;
    --found->second;
    ++common;
  }
  if (common == 0) return 0;
  const double precision = static_cast<double>(common) / static_cast<double>(said.size());
  const double recall = static_cast<double>(common) / static_cast<double>(right.size());
  return 2 * precision * recall / (precision + recall);
}

AnswerScore answer_score(std::string_view answer, std::span<const std::string_view> truths, bool none_counts) {
  std::vector<std::string_view> right;
  for (const std::string_view truth : truths)
    if (!none_counts || !answer_words(truth).empty()) right.push_back(truth);
  if (right.empty()) right.emplace_back();
  AnswerScore best;
  const std::string said = normalised_answer(answer);
  for (const std::string_view truth : right) {
    best.exact = best.exact || said == normalised_answer(truth);
    best.f1 = std::max(best.f1, answer_f1(answer, truth, none_counts));
  }
  return best;
}

}  // namespace enxerto

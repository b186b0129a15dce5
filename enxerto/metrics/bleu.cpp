#include "enxerto/metrics/bleu.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "enxerto/metrics/ngram_counts.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

/// Of the references the one whose length is closest, of equally close ones the shorter.
std::uint64_t closest(std::uint64_t length, const std::vector<std::uint64_t>& lengths) {
  const auto distance = [&](std::uint64_t other) { return other > length ? other - length : length - other; };
  return *std::ranges::min_element(lengths, {}, [&](std::uint64_t other) { return std::pair(distance(other), other); });
}

}  // namespace

BleuCounts& BleuCounts::add(const BleuCounts& other, std::uint64_t times) {
  said += times * other.said;
  right_length += times * other.right_length;
  for (std::size_t n = 0; n < kBleuOrder; ++n) {
    right[n] += times * other.right[n];
    of[n] += times * other.of[n];
  }
  return *this;
}

std::string tokenised_13a(std::string_view text) {
  static const RE2 kSymbol(R"(([\{-~\[-` -&\(-\+:-@/]))"), kPointBehind("([^0-9])([.,])"),
      kPointBefore("([.,])([^0-9])"), kDash("([0-9])(-)");
  std::string line(text);
  for (const auto& [what, with] : {std::pair{"<skipped>", ""}, {"-\n", ""}, {"\n", " "}}) replace_all(line, what, with);
  for (const auto& [what, with] : {std::pair{"&quot;", "\""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}})
    replace_all(line, what, with);
  line = " " + line + " ";
  RE2::GlobalReplace(&line, kSymbol, R"( \1 )");
  RE2::GlobalReplace(&line, kPointBehind, R"(\1 \2 )");
  RE2::GlobalReplace(&line, kPointBefore, R"( \1 \2)");
  RE2::GlobalReplace(&line, kDash, R"(\1 \2 )");
  return fmt::format("{}", fmt::join(split_at_blanks(line), " "));
}

BleuCounts bleu_counts(std::string_view said, std::span<const std::string_view> references) {
  const std::string text = tokenised_13a(without_blanks_behind(said));
  const std::vector<std::string_view> words = split_at_blanks(text);
  std::vector<std::uint64_t> lengths;
  std::array<NgramCounts, kBleuOrder> known;
  for (const std::string_view reference : references) {
    const std::string right = tokenised_13a(without_blanks_behind(reference));
    const std::vector<std::string_view> right_words = split_at_blanks(right);
    lengths.push_back(right_words.size());
    for (std::size_t n = 0; n < kBleuOrder; ++n)
      for (const auto& [run, count] : word_ngrams(right_words, n + 1)) known[n][run] = std::max(known[n][run], count);
  }
  BleuCounts counts{.said = words.size(), .right_length = closest(words.size(), lengths)};
  for (std::size_t n = 0; n < kBleuOrder; ++n) {
    const NgramCounts own = word_ngrams(words, n + 1);
    counts.of[n] = number_of(own);
    counts.right[n] = common_ngrams(own, known[n]);
  }
  return counts;
}

double bleu(const BleuCounts& counts, bool effective_order) {
  if (std::ranges::all_of(counts.right, [](std::uint64_t right) { return right == 0; })) return 0;
  constexpr double kLogOfNothing = -9999999999;  // sacrebleu's `my_log(0)`
  const auto said = static_cast<double>(counts.said), length = static_cast<double>(counts.right_length);
  const double brevity = counts.said >= counts.right_length ? 1 : counts.said == 0 ? 0 : std::exp(1 - length / said);
  std::array<double, kBleuOrder> precision = {};
  double smoothing = 1;
  std::size_t orders = kBleuOrder;
  for (std::size_t n = 0; n < kBleuOrder && counts.of[n] > 0; ++n) {
    if (effective_order) orders = n + 1;
    const auto of = static_cast<double>(counts.of[n]);
    if (counts.right[n] == 0) smoothing *= 2;
    precision.at(n) = counts.right[n] == 0 ? 100 / (smoothing * of) : 100 * static_cast<double>(counts.right[n]) / of;
  }
  double sum = 0;
  for (std::size_t n = 0; n < orders; ++n) sum += precision.at(n) == 0 ? kLogOfNothing : std::log(precision.at(n));
  return brevity * std::exp(sum / static_cast<double>(orders));
}

std::string bleu_signature(bool effective_order, std::size_t references) {
  return fmt::format("nrefs:{}|case:mixed|eff:{}|tok:13a|smooth:exp|version:{}", references,
                     effective_order ? "yes" : "no", kSacrebleuVersion);
}

}  // namespace enxerto

// Reads how many pairs there are, then two lines for each, a text and its reference, from standard input; prints BLEU,
// chrF, chrF++ and the mean of ROUGE-L, then sentence BLEU, chrF, chrF++ and ROUGE-L of each pair, to 17 digits. Built
// by tools/parity/translation_figures.py.
#include <array>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "enxerto/metrics/bleu.h"
#include "enxerto/metrics/chrf.h"
#include "enxerto/metrics/rouge.h"

using namespace enxerto;

int main() {
  std::string line;
  std::getline(std::cin, line);
  const std::size_t pairs = std::stoul(line);
  BleuCounts all;
  ChrfCounts chrf_all, words_all;
  std::vector<std::array<double, 4>> each;
  double rouge = 0;
  for (std::size_t i = 0; i < pairs; ++i) {
    std::string said, right;
    std::getline(std::cin, said);
    std::getline(std::cin, right);
    const std::array<std::string_view, 1> references{right};
    const BleuCounts counts = bleu_counts(said, references);
    const ChrfCounts runs = chrf_counts(said, references), with_words = chrf_counts(said, references, kChrfWords);
    all.add(counts);
    chrf_all.add(runs);
    words_all.add(with_words);
    each.push_back({bleu(counts, true), chrf(runs), chrf(with_words), rouge_l(said, right)});
    rouge += each.back()[3];
  }
  std::printf("%.17g %.17g %.17g %.17g\n", bleu(all), chrf(chrf_all), chrf(words_all),
              rouge / static_cast<double>(pairs));
  for (const auto& [a, b, c, d] : each) std::printf("%.17g %.17g %.17g %.17g\n", a, b, c, d);
}

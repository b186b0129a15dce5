// Reads how many pairs there are, then a line "score same" for each and how many wanted rates, and the rates, from
// standard input; prints area, equal error rate and detection cost, then threshold, false and true accept rate of each
// wanted rate, to 17 digits. Built by tools/parity/verification.py.
#include <cstdio>
#include <iostream>
#include <vector>

#include "enxerto/metrics/pair_curve.h"

using namespace enxerto;

int main() {
  std::size_t count = 0;
  std::cin >> count;
  std::vector<ScoredPair> pairs(count);
  for (ScoredPair& pair : pairs) std::cin >> pair.score >> pair.same;
  sort_pairs(pairs);
  const PairCurve curve(pairs);
  std::printf("%.17g %.17g %.17g\n", curve.area(), curve.equal_error_rate(), curve.detection_cost());
  std::cin >> count;
  for (double rate = 0; count-- > 0 && std::cin >> rate;) {
    const OperatingPoint point = curve.at_false_accept_rate(rate);
    std::printf("%.17g %.17g %.17g\n", point.threshold, point.false_accept_rate, point.true_accept_rate);
  }
}

#include "enxerto/metrics/class_scores.h"

namespace enxerto {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t times_predicted(const ConfusionMatrix& confusion, std::size_t k) {
  std::size_t sum = 0;
  for (std::size_t truth = 0; truth < confusion.classes(); ++truth) sum += confusion.at(truth, k);
  return sum;
}

}  // namespace

std::vector<ClassScores> class_scores(const ConfusionMatrix& confusion) {
  std::vector<ClassScores> result(confusion.classes());
  for (std::size_t k = 0; k < result.size(); ++k) {
    const std::size_t right = confusion.at(k, k), predicted = times_predicted(confusion, k);
    std::size_t support = 0;
    for (std::size_t i = 0; i < result.size(); ++i) support += confusion.at(k, i);
    result[k] = {share(right, predicted), share(right, support), share(2 * right, predicted + support), support};
  }
  return result;
}

ClassScores macro_average(const std::vector<ClassScores>& scores, const ConfusionMatrix& confusion) {
  ClassScores mean;
  double present = 0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    if (scores[k].support == 0 && times_predicted(confusion, k) == 0) continue;
    present += 1;
    mean.precision += scores[k].precision;
    mean.recall += scores[k].recall;
    mean.f1 += scores[k].f1;
    mean.support += scores[k].support;
  }
  if (present > 0) {
    mean.precision /= present;
    mean.recall /= present;
    mean.f1 /= present;
  }
  return mean;
}

}  // namespace enxerto

// Reads boxes as tools/golden/coco_boxes.py writes them, without its figures, from standard input; prints Enxerto's
// twelve figures, then AP and AR of each class, to 17 digits; -1: not known. Built by tools/parity/coco_figures.py.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numeric>

#include "enxerto/metrics/coco_evaluation.h"

using namespace enxerto;

namespace {

double next() {
  double value = 0;
  std::cin >> value;
  return value;
}

BoxExtent extent() { return {next(), next(), next(), next()}; }

BoxedExample example() {
  BoxedExample one;
  one.truths.resize(static_cast<std::size_t>(next()));
  for (TrueBox& box : one.truths) {
    box.extent = extent();
    box.label = static_cast<std::size_t>(next());
    box.area = next();
    box.crowd = next() != 0;
  }
  one.found.resize(static_cast<std::size_t>(next()));
  for (FoundBox& box : one.found) {
    box.extent = extent();
    box.label = static_cast<std::size_t>(next());
    box.score = next();
  }
  return one;
}

void print(double value) { std::printf("%.17g\n", std::isnan(value) ? -1 : value); }

template <typename Values>
double mean(const Values& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

int main() {
  const auto examples = static_cast<std::size_t>(next()), classes = static_cast<std::size_t>(next());
  CocoEvaluation evaluation(classes);
  for (std::size_t i = 0; i < examples; ++i) evaluation.add(example());
  for (const double figure : evaluation.figures()) print(figure);
  for (std::size_t label = 0; label < classes; ++label) {
    const auto curve = evaluation.curve(label, CocoEvaluation::Area::all, 100);
    print(mean(curve.precision));
    print(mean(curve.recall));
  }
}

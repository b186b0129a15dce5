#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// The main figure in large letters with its interval, the others as tiles; further evaluations in a table.
std::string headline_section(const RunReport& report);

/// What is told of single classes, labels or values, by the kind of the evaluation.
std::string detail_sections(const Evaluation& evaluation, const std::vector<std::string>& labels);

/// The confusion matrix, up to 60 classes as a heat map, and the pairs that are most often confused.
std::string confusion_section(const ClassificationReport& metrics, const std::vector<std::string>& labels);

/// Precision, recall and F1 of each class, the hardest first.
std::string classes_section(const ClassificationReport& metrics, const std::vector<std::string>& labels);

/// Two classes, and how often the first was taken for the second.
struct ConfusedPair {
  std::size_t truth = 0, predicted = 0, count = 0;
};

/// The `most` pairs that are most often confused; of equally frequent ones the lower indices first.
std::vector<ConfusedPair> most_confused(const ClassificationReport& metrics, std::size_t most);

}  // namespace enxerto

#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// Accuracy in large letters with its interval, and the other figures as tiles; further evaluations in a table.
std::string headline_section(const RunReport& report);

/// The confusion matrix, up to 60 classes as a heat map, and the pairs that are most often confused.
std::string confusion_section(const Evaluation& evaluation, const std::vector<std::string>& labels);

/// Precision, recall and F1 of each class, the hardest first.
std::string classes_section(const Evaluation& evaluation, const std::vector<std::string>& labels);

/// Two classes, and how often the first was taken for the second.
struct ConfusedPair {
  std::size_t truth = 0, predicted = 0, count = 0;
};

/// The `most` pairs that are most often confused; of equally frequent ones the lower indices first.
std::vector<ConfusedPair> most_confused(const ClassificationReport& metrics, std::size_t most);

}  // namespace enxerto

#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"
#include "enxerto/report/run_report.h"

namespace enxerto {

/// The figures that people are shown, what they look for first at the front; never empty: a dash where there is none.
std::vector<MetricValue> shown_figures(const MetricsReport& report);

/// The title, else the name: "log loss".
std::string title_of(const MetricValue& figure);

/// "90.5 %" of a share, else "0.3124"; a dash where it is not a number.
std::string text_of(const MetricValue& figure);

/// "85.6 % to 93.8 %", 95 %; empty where none is known.
std::string interval_of(const MetricValue& figure);

/// " of 15 groups, which the intervals are over"; empty where they are over examples.
std::string groups_of(const MetricsReport& report);

/// "always predicting cat: 93.9 %"; empty where none is known.
std::string baseline_of(const MetricValue& figure);

/// The figures of the headline: the first that people are shown, and those right behind it that have a baseline too.
std::vector<MetricValue> headline(const MetricsReport& report);

/// What evaluations are laid side by side by: the first figure of the first, which others may lack, and the next one
/// that all of them have.
std::vector<MetricValue> compared_figures(const std::vector<Evaluation>& evaluations);

/// With a capital: "Mean average precision".
std::string capitalised(std::string text);

/// The rows of a table in the order in which people want them: the hardest ones first
/// where the table says by which column, those without a number there last; else as they stand.
std::vector<std::size_t> reading_order(const MetricTable& table);

/// Two classes, and how often the first was taken for the second.
struct ConfusedPair {
  std::size_t truth = 0, predicted = 0, count = 0;
};

/// The `most` pairs that are most often confused; of equally frequent ones the lower indices first.
std::vector<ConfusedPair> most_confused(const Confusion& confusion, std::size_t most);

}  // namespace enxerto

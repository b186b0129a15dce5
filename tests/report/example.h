#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/log_loss.h"
#include "enxerto/metrics/top_k_accuracy.h"
#include "enxerto/report/run_report.h"
#include "tests/metrics/batch.h"

namespace enxerto::testing {

/// The metrics of a classification.
inline MetricSet class_metrics(const std::vector<std::string>& names) {
  return set_of(Accuracy(), LogLoss(), TopKAccuracy(5), ClassScores(names));
}

/// A run on four classes, one of which has a hostile name.
inline RunReport example_report() {
  RunReport report;
  report.title = "animals <with> resnet18";
  report.created = "2024-05-01 12:00 UTC";
  report.version = "0.1.0";
  report.labels = {"cat", "dog", "<script>alert(1)</script>", "line\nbreak"};
  report.words = {.purpose = "It says which of 4 classes a picture shows: ",
                  .use = "label and probability",
                  .details = "More is in report.html.",
                  .limits = "It always answers."};
  std::vector<float> scores;
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < 200; ++i) {
    const std::int64_t truth = i % 4, predicted = i % 11 == 0 ? (truth + 1) % 4 : truth;
    labels.push_back(truth);
    for (std::int64_t k = 0; k < 4; ++k) scores.push_back(k == predicted ? 0.85F : 0.05F);
  }
  MetricSet metrics = class_metrics(report.labels);
  metrics.update(probabilities(Tensor::of<float>({200, 4}, scores)), target(Tensor::of<std::int64_t>({200}, labels)));
  report.evaluations = {{.name = "test", .note = "chose nothing", .metrics = metrics.report()}};
  report.facts = {{"Backbone", "resnet18"}, {"Data", "/data/animals & friends"}};
  report.parts = {{"extract features", 12.5, "200 pictures"}, {"fit the head", 0.25, ""}};
  report.l2_trials = {{.l2 = 100, .figures = {{"log_loss", 0.7}, {"accuracy", 0.8}}},
                      {.l2 = 10, .figures = {{"log_loss", 0.3}, {"accuracy", 0.9}}},
                      {.l2 = 1, .figures = {{"log_loss", 0.4}, {"accuracy", 0.88}}}};
  report.chosen_l2 = {10};
  report.l2_chosen_by = "cross-validation";
  report.precision = {.chosen = "bf16", .min_cosine = 0.99991, .equal_labels = 0.998, .reason = "fastest that agrees"};
  report.skipped = {{"cat/broken.jpg", "truncated <JPEG>"}};
  report.warnings = {"3 files are in both train & test"};
  report.licence = "Apache-2.0";
  report.recipe = "[backbone]\nname = \"resnet18\"\n";
  return report;
}

}  // namespace enxerto::testing

#pragma once
#include "enxerto/files/json.h"
#include "enxerto/report/run_report.h"

namespace enxerto {

/// `{"value", "low", "high"}`; what is not a number is null.
Json to_json(const Share& share);

/// `{"examples", "accuracy": {"value", "low", "high"}, "top5": {..}, "log_loss", "macro", "per_class": [{"label", ..}],
/// "confusion": [[..]]}`, and "roc_auc" of two classes; what is not a number is null.
Json to_json(const ClassificationReport& report, const std::vector<std::string>& labels);

/// `{"examples", "threshold", "subset_accuracy": {"value", "low", "high"}, "log_loss", "mean_average_precision",
/// "mean_roc_auc", "macro", "micro", "per_label": [{"label", "average_precision", "roc_auc", ..}]}`.
Json to_json(const MultiLabelReport& report, const std::vector<std::string>& labels);

/// `{"examples", "mean_r2", "per_value": [{"label", "mae": {"value", "low", "high"}, "rmse": {..}, "r2", "baseline",
/// "baseline_mae", "baseline_rmse"}]}`.
Json to_json(const RegressionReport& report, const std::vector<std::string>& labels);

/// Whichever of them it is.
Json to_json(const MetricsReport& report, const std::vector<std::string>& labels);

/// The whole run: `{"schema_version", "title", .., "evaluations", "parts", "search", "precision", "skipped",
/// "warnings"}`, for a bundle's history.json and for `--json`.
Json to_json(const RunReport& report);

}  // namespace enxerto

#pragma once
#include "enxerto/files/json.h"
#include "enxerto/report/run_report.h"

namespace enxerto {

/// `{"examples", ..}`, then each figure under its name, as a number or with its interval as `{"value", "low", "high"}`
/// ("macro.f1" is in the object "macro"), each table as a list of objects, and "confusion": [[..]]; what is not a
/// number is null. Of classes: "accuracy", "top5", "log_loss", "macro", "per_class" with a "label" each, "confusion",
/// of two classes "roc_auc". Of labels: "mean_average_precision", "subset_accuracy", "log_loss", "micro", "macro",
/// "mean_roc_auc", "threshold", "per_label". Of values: "mean_r2", "per_value", of one value its "mae" and "rmse" too.
Json to_json(const MetricsReport& report);

/// The whole run: `{"schema_version", "title", .., "evaluations", "parts", "search", "precision", "skipped",
/// "warnings"}`, for a bundle's history.json and for `--json`.
Json to_json(const RunReport& report);

}  // namespace enxerto

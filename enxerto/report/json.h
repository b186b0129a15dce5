#pragma once
#include "enxerto/files/json.h"
#include "enxerto/report/run_report.h"

namespace enxerto {

/// `{"value", "low", "high"}`; what is not a number is null.
Json to_json(const Share& share);

/// `{"examples", "accuracy": {"value", "low", "high"}, "top5": {..}, "log_loss", "macro", "per_class": [{"label", ..}],
/// "confusion": [[..]]}`; what is not a number is null.
Json to_json(const ClassificationReport& report, const std::vector<std::string>& labels);

/// The whole run: `{"schema_version", "title", .., "evaluations", "parts", "search", "precision", "skipped",
/// "warnings"}`, for a bundle's history.json and for `--json`.
Json to_json(const RunReport& report);

}  // namespace enxerto

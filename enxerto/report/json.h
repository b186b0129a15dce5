#pragma once
#include "enxerto/files/json.h"
#include "enxerto/report/run_report.h"

namespace enxerto {

/// `{"examples", ..}`, then each figure under its name, as a number or with its interval as `{"value", "low", "high",
/// "baseline": {"value", "name"}}` ("macro.f1" is in the object "macro"), the baselines of figures that are numbers in
/// "baselines", each table as a list of objects, and "confusion": [[..]]; what is not a number is null. Which figures
/// there are is said by the task's `Task::metrics`, and how each is computed by its class.
Json to_json(const MetricsReport& report);

/// The whole run: `{"schema_version", "title", .., "evaluations", "parts", "search", "precision", "skipped",
/// "warnings"}`, for a bundle's history.json and for `--json`.
Json to_json(const RunReport& report);

}  // namespace enxerto

#include "enxerto/report/json.h"

#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

namespace enxerto {

namespace {

constexpr int kSchemaVersion = 1;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json estimate_to_json(double value, const Interval& interval) {
  return {{"value", number(value)}, {"low", number(interval.low)}, {"high", number(interval.high)}};
}

Json baseline_to_json(const Baseline& baseline) { return {{"value", number(baseline.value)}, {"name", baseline.name}}; }

/// A figure that is a count is written as one.
Json figure_to_json(const MetricValue& figure) {
  if (figure.interval) {
    Json json = estimate_to_json(figure.value, *figure.interval);
    if (figure.baseline) json["baseline"] = baseline_to_json(*figure.baseline);
    return json;
  }
  constexpr double kExact = 9007199254740992;  // 2^53: below it, each whole number is itself
  const bool whole = !figure.share && std::abs(figure.value) < kExact && std::trunc(figure.value) == figure.value;
  return whole ? Json(static_cast<std::int64_t>(figure.value)) : number(figure.value);
}

Json cell_to_json(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* count = std::get_if<std::uint64_t>(&cell)) return *count;
  if (const auto* value = std::get_if<double>(&cell)) return number(*value);
  const auto& estimate = std::get<Estimate>(cell);
  return estimate_to_json(estimate.value, estimate.interval);
}

Json table_to_json(const MetricTable& table) {
  Json rows = Json::array();
  for (const auto& row : table.rows) {
    Json object = Json::object();
    for (std::size_t c = 0; c < table.columns.size(); ++c) object[table.columns[c].name] = cell_to_json(row.at(c));
    rows.push_back(std::move(object));
  }
  return rows;
}

/// Where a figure is: "macro.f1" is "f1" in the object "macro".
Json& place_of(Json& json, std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return json[std::string(name)];
  return place_of(json[std::string(name.substr(0, dot))], name.substr(dot + 1));
}

template <typename Rows, typename Convert>
Json list_of(const Rows& rows, Convert convert) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(convert(row));
  return list;
}

/// A single number as such, several as a list; null where there is none.
Json one_or_all(const std::vector<double>& values) {
  if (values.empty()) return {};
  return values.size() == 1 ? number(values.front()) : list_of(values, number);
}

Json facts_to_json(const std::vector<ReportFact>& facts) {
  Json json = Json::object();
  for (const ReportFact& fact : facts) json[fact.name] = fact.value;
  return json;
}

Json search_to_json(const RunReport& report) {
  const auto trial = [](const L2Row& row) -> Json {
    Json json{{"l2", number(row.l2)}};
    for (const auto& [name, value] : row.figures) json[name] = number(value);
    return json;
  };
  return {{"chosen_l2", one_or_all(report.chosen_l2)},
          {"chosen_by", report.l2_chosen_by},
          {"trials", list_of(report.l2_trials, trial)}};
}

Json precision_to_json(const PrecisionReport& precision) {
  return {{"prefix", precision.chosen},
          {"min_cosine", number(precision.min_cosine)},
          {"equal_labels", precision.equal_labels ? number(*precision.equal_labels) : Json()},
          {"reason", precision.reason}};
}

Json phase_to_json(const PhaseRow& phase) {
  Json series = Json::object();
  for (const Series& one : phase.history.series) {
    series[one.name] = list_of(one.values, [](double value) { return number(value); });
  }
  return {
      {"name", phase.name},          {"facts", facts_to_json(phase.facts)}, {"seconds", number(phase.history.seconds)},
      {"epochs", std::move(series)}, {"best_epoch", phase.best_epoch},      {"best", phase.best},
      {"summary", phase.summary}};
}

Json points_to_json(const Scatter& curve) {
  Json points = Json::array();
  for (const auto& [x, y] : curve.points) points.push_back({number(x), number(y)});
  return points;
}

}  // namespace

Json to_json(const MetricsReport& report) {
  Json json{{"examples", report.examples}};
  if (report.groups > 0) json["interval_groups"] = report.groups;
  for (const MetricValue& figure : report.values) {
    place_of(json, figure.name) = figure_to_json(figure);
    if (figure.baseline && !figure.interval)
      place_of(json["baselines"], figure.name) = baseline_to_json(*figure.baseline);
  }
  for (const MetricTable& table : report.tables) json[table.name] = table_to_json(table);
  for (const Scatter& curve : report.curves) json["curves"][curve.name] = points_to_json(curve);
  for (const Scatter& part : report.roc) json["roc"][part.name] = points_to_json(part);
  if (report.confusion) json["confusion"] = report.confusion->counts;
  return json;
}

Json to_json(const RunReport& report) {
  return {
      {"schema_version", kSchemaVersion},
      {"title", report.title},
      {"created", report.created},
      {"enxerto_version", report.version},
      {"licence", report.licence},
      {"facts", facts_to_json(report.facts)},
      {"evaluations", list_of(report.evaluations,
                              [](const Evaluation& one) -> Json {
                                return {{"name", one.name}, {"note", one.note}, {"metrics", to_json(one.metrics)}};
                              })},
      {"parts", list_of(report.parts,
                        [](const PartTime& part) -> Json {
                          return {{"name", part.name}, {"seconds", number(part.seconds)}, {"detail", part.detail}};
                        })},
      {"search", search_to_json(report)},
      {"phases", list_of(report.phases, phase_to_json)},
      {"precision", precision_to_json(report.precision)},
      {"skipped", list_of(report.skipped,
                          [](const SkippedPicture& one) -> Json { return {{"id", one.id}, {"reason", one.reason}}; })},
      {"advice", report.advice},
      {"warnings", report.warnings}};
}

}  // namespace enxerto

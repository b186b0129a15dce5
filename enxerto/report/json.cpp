#include "enxerto/report/json.h"

#include <cmath>

namespace enxerto {

namespace {

constexpr int kSchemaVersion = 1;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json estimate_to_json(const Estimate& estimate) {
  return {{"value", number(estimate.value)},
          {"low", number(estimate.interval.low)},
          {"high", number(estimate.interval.high)}};
}

std::string label_of(const std::vector<std::string>& labels, std::size_t index) {
  return index < labels.size() ? labels[index] : std::to_string(index);
}

Json scores_to_json(const ClassScores& scores) {
  return {{"precision", number(scores.precision)},
          {"recall", number(scores.recall)},
          {"f1", number(scores.f1)},
          {"support", scores.support}};
}

Json search_to_json(const RunReport& report) {
  Json trials = Json::array();
  for (const StrengthRow& row : report.strengths) {
    trials.push_back({{"l2", number(row.l2)}, {"accuracy", number(row.accuracy)}, {"log_loss", number(row.log_loss)}});
  }
  return {{"chosen_l2", number(report.chosen_l2)}, {"trials", std::move(trials)}};
}

Json precision_to_json(const PrecisionReport& precision) {
  return {{"prefix", precision.chosen},
          {"min_cosine", number(precision.min_cosine)},
          {"equal_labels", precision.equal_labels ? number(*precision.equal_labels) : Json()},
          {"reason", precision.reason}};
}

template <typename Rows, typename Convert>
Json list_of(const Rows& rows, Convert convert) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(convert(row));
  return list;
}

Json phase_to_json(const PhaseRow& phase) {
  Json series = Json::object();
  for (const Series& one : phase.history.series) {
    series[one.name] = list_of(one.values, [](double value) { return number(value); });
  }
  Json facts = Json::object();
  for (const ReportFact& fact : phase.facts) facts[fact.name] = fact.value;
  return {{"name", phase.name},          {"facts", std::move(facts)},      {"seconds", number(phase.history.seconds)},
          {"epochs", std::move(series)}, {"best_epoch", phase.best_epoch}, {"won", phase.won},
          {"words", phase.words}};
}

}  // namespace

Json to_json(const Share& share) {
  return {{"value", number(share.value)}, {"low", number(share.interval.low)}, {"high", number(share.interval.high)}};
}

Json to_json(const ClassificationReport& report, const std::vector<std::string>& labels) {
  Json per_class = Json::array();
  for (std::size_t i = 0; i < report.per_class.size(); ++i) {
    Json row{{"label", label_of(labels, i)}};
    row.update(scores_to_json(report.per_class[i]));
    per_class.push_back(std::move(row));
  }
  Json json{{"examples", report.examples},           {"accuracy", to_json(report.accuracy)},
            {"top5", to_json(report.top5)},          {"log_loss", number(report.log_loss)},
            {"macro", scores_to_json(report.macro)}, {"per_class", std::move(per_class)},
            {"confusion", report.confusion}};
  if (report.roc_auc) json["roc_auc"] = estimate_to_json(*report.roc_auc);
  return json;
}

Json to_json(const MultiLabelReport& report, const std::vector<std::string>& labels) {
  Json per_label = Json::array();
  for (std::size_t i = 0; i < report.per_label.size(); ++i) {
    const LabelScores& one = report.per_label[i];
    Json row{{"label", label_of(labels, i)}};
    row.update(scores_to_json(one.scores));
    row.update(Json{{"average_precision", number(one.average_precision)}, {"roc_auc", number(one.roc_auc)}});
    per_label.push_back(std::move(row));
  }
  return {{"examples", report.examples},
          {"threshold", report.threshold},
          {"subset_accuracy", to_json(report.subset_accuracy)},
          {"log_loss", number(report.log_loss)},
          {"mean_average_precision", number(report.mean_average_precision)},
          {"mean_roc_auc", number(report.mean_roc_auc)},
          {"macro", scores_to_json(report.macro)},
          {"micro", scores_to_json(report.micro)},
          {"per_label", std::move(per_label)}};
}

Json to_json(const RegressionReport& report, const std::vector<std::string>& labels) {
  Json per_value = Json::array();
  for (std::size_t i = 0; i < report.per_value.size(); ++i) {
    const ValueErrors& one = report.per_value[i];
    per_value.push_back({{"label", label_of(labels, i)},
                         {"mae", estimate_to_json(one.mae)},
                         {"rmse", estimate_to_json(one.rmse)},
                         {"r2", number(one.r2)},
                         {"baseline", number(one.baseline)},
                         {"baseline_mae", number(one.baseline_mae)},
                         {"baseline_rmse", number(one.baseline_rmse)}});
  }
  return {{"examples", report.examples}, {"mean_r2", number(report.mean_r2)}, {"per_value", std::move(per_value)}};
}

Json to_json(const MetricsReport& report, const std::vector<std::string>& labels) {
  return std::visit([&](const auto& metrics) { return to_json(metrics, labels); }, report);
}

Json to_json(const RunReport& report) {
  Json facts = Json::object();
  for (const ReportFact& fact : report.facts) facts[fact.name] = fact.value;
  return {
      {"schema_version", kSchemaVersion},
      {"title", report.title},
      {"created", report.created},
      {"enxerto_version", report.version},
      {"licence", report.licence},
      {"facts", std::move(facts)},
      {"evaluations",
       list_of(report.evaluations,
               [&](const Evaluation& one) -> Json {
                 return {{"name", one.name}, {"note", one.note}, {"metrics", to_json(one.metrics, report.labels)}};
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
      {"warnings", report.warnings}};
}

}  // namespace enxerto

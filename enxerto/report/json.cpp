#include "enxerto/report/json.h"

#include <cmath>

namespace enxerto {

namespace {

constexpr int kSchemaVersion = 1;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

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
    Json row{{"label", i < labels.size() ? labels[i] : std::to_string(i)}};
    row.update(scores_to_json(report.per_class[i]));
    per_class.push_back(std::move(row));
  }
  return {{"examples", report.examples},           {"accuracy", to_json(report.accuracy)},
          {"top5", to_json(report.top5)},          {"log_loss", number(report.log_loss)},
          {"macro", scores_to_json(report.macro)}, {"per_class", std::move(per_class)},
          {"confusion", report.confusion}};
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

#include "enxerto/training/run_state.h"

#include <algorithm>
#include <limits>

#include "enxerto/files/json.h"

namespace enxerto {
namespace {

Json written(const std::optional<Score>& score) {
  if (!score) return nullptr;
  Json json{{"monitor", score->monitor}, {"value", score->value}, {"higher_is_better", score->higher_is_better}};
  if (score->val_loss) json["val_loss"] = *score->val_loss;
  return json;
}

double score_value_of(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

/// A score that is not a number is written as null by JSON.
std::optional<Score> score_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  Score score{.monitor = json.at("monitor"),
              .value = score_value_of(json.at("value")),
              .higher_is_better = json.at("higher_is_better")};
  if (json.contains("val_loss")) score.val_loss = score_value_of(json.at("val_loss"));
  return score;
}

Json written(const EpochMean& mean) {
  Json figures = Json::array();
  for (const auto& [name, value] : mean.figures) figures.push_back({name, value});
  return {{"epochs", mean.epochs}, {"figures", std::move(figures)}};
}

EpochMean epoch_mean_from(const Json& json) {
  EpochMean mean{.epochs = json.at("epochs"), .figures = {}};
  for (const Json& one : json.at("figures")) mean.figures.emplace_back(one.at(0), score_value_of(one.at(1)));
  return mean;
}

Json written(const FinishedPhase& phase) {
  return {{"name", phase.name},
          {"kept_epoch", phase.kept_epoch},
          {"epochs", phase.epochs},
          {"steps", phase.steps},
          {"skipped_steps", phase.skipped_steps},
          {"stopped_early", phase.stopped_early},
          {"score", written(phase.score)},
          {"mean", phase.mean ? written(*phase.mean) : Json()},
          {"history", to_text(phase.history)}};
}

FinishedPhase phase_of(const Json& json, std::string_view where) {
  return {.name = json.at("name"),
          .kept_epoch = json.at("kept_epoch"),
          .epochs = json.at("epochs"),
          .steps = json.at("steps"),
          .skipped_steps = json.at("skipped_steps"),
          .stopped_early = json.at("stopped_early"),
          .score = score_of(json.at("score")),
          .mean = json.value("mean", Json()).is_null() ? std::nullopt : std::optional(epoch_mean_from(json.at("mean"))),
          .history = phase_history_from(json.at("history").get_ref<const std::string&>(), where)};
}

}  // namespace

FinishedPhase finished(const PhaseOutcome& outcome) {
  return {.name = outcome.history.name,
          .kept_epoch = outcome.kept_epoch,
          .epochs = outcome.epochs,
          .steps = outcome.steps,
          .skipped_steps = outcome.skipped_steps,
          .stopped_early = outcome.stopped_early,
          .score = outcome.score,
          .mean = outcome.mean,
          .history = outcome.history};
}

std::string to_text(const RunState& run) {
  Json phases = Json::array();
  for (const FinishedPhase& phase : run.finished) phases.push_back(written(phase));
  Json notes = Json::array();
  for (const PhaseNotes& one : run.notes) {
    notes.push_back({{"prefix", name_of(one.prefix)},
                     {"frozen", one.frozen},
                     {"precision", name_of(one.precision)},
                     {"learning_rate", one.learning_rate},
                     {"accumulation_steps", one.accumulation_steps},
                     {"learned_values", one.learned_values}});
    if (one.rate) notes.back()["rate"] = *one.rate;
    if (one.epochs > 0) notes.back()["epochs"] = one.epochs;
  }
  return Json{{"finished", std::move(phases)},
              {"best", {{"phase", run.best.phase()}, {"score", written(run.best.score())}}},
              {"notes", std::move(notes)}}
      .dump();
}

RunState run_state_from(std::string_view text, StateDict weights, StateDict best, std::string_view where) {
  const Json json = parse_json(text, where, ErrorKind::weights);
  try {
    RunState run;
    for (const Json& phase : json.at("finished")) run.finished.push_back(phase_of(phase, where));
    for (const Json& one : json.at("notes")) {
      PhaseNotes notes;
      if (one.contains("rate")) notes.rate = one.at("rate").get<double>();
      notes.epochs = one.value("epochs", std::int64_t{0});
      const auto precision_of = [&](const char* key) {
        return one.at(key) == name_of(Precision::bf16) ? Precision::bf16 : Precision::fp32;
      };
      notes.prefix = precision_of("prefix");
      notes.frozen = one.at("frozen");
      notes.precision = precision_of("precision");
      notes.learning_rate = one.at("learning_rate");
      notes.accumulation_steps = one.at("accumulation_steps");
      notes.learned_values = one.at("learned_values");
      run.notes.push_back(notes);
    }
    run.weights = std::move(weights);
    const Json& winner = json.at("best");
    if (winner.at("phase").get<std::int64_t>() >= 0)
      run.best.offer(winner.at("phase"), score_of(winner.at("score")), std::move(best));
    return run;
  } catch (const nlohmann::json::exception& error) {
    throw weights_error(std::string(where), std::string("is not the state of a training run: ") + error.what(),
                        "what this version writes", "remove the checkpoint and start again");
  }
}

bool best_is_last(const RunState& run) {
  const StateDict& best = run.best.weights();
  return best.size() == run.weights.size() && std::ranges::all_of(best, [&](const StateDict::Entry& entry) {
           const Tensor* other = run.weights.find(entry.first);
           return other != nullptr && other->data() == entry.second.data() &&
                  other->byte_size() == entry.second.byte_size();
         });
}

}  // namespace enxerto

#include "enxerto/training/loop_state.h"

#include <cmath>
#include <limits>

#include "enxerto/files/json.h"

namespace enxerto {
namespace {

/// JSON has no number for these three, and a curve may hold each.
Json written(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

double number_of(const Json& json) {
  if (!json.is_string()) return json.get<double>();
  const auto& word = json.get_ref<const std::string&>();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  throw weights_error("", "'" + word + "'", "a number");
}

Json written(const std::optional<double>& value) { return value ? written(*value) : Json(nullptr); }

std::optional<double> optional_number(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(number_of(json));
}

Json written(const PhaseHistory& history) {
  Json json{{"name", history.name}, {"seconds", written(history.seconds)}, {"series", Json::array()}};
  for (const Series& series : history.series) {
    Json values = Json::array();
    for (const double value : series.values) values.push_back(written(value));
    json["series"].push_back({{"name", series.name}, {"values", std::move(values)}});
  }
  if (history.start) json["start"] = written(history.start);
  return json;
}

PhaseHistory history_of(const Json& json) {
  PhaseHistory history{.name = json.at("name"), .seconds = number_of(json.at("seconds")), .series = {}};
  for (const Json& row : json.at("series")) {
    Series series{.name = row.at("name"), .values = {}};
    for (const Json& value : row.at("values")) series.values.push_back(number_of(value));
    history.series.push_back(std::move(series));
  }
  if (json.contains("start")) history.start = optional_number(json.at("start"));
  return history;
}

LoopState state_of(const Json& json) {
  LoopState state;
  state.epoch = json.at("epoch");
  state.step = json.at("step");
  state.steps_done = json.at("steps_done");
  state.loss_sum = number_of(json.at("loss_sum"));
  // Until batches had a weight, it was the number of examples.
  state.weight = number_of(json.contains("weight") ? json.at("weight") : json.at("examples"));
  state.seconds = number_of(json.at("seconds"));
  const Json& skipped = json.at("skipped");
  state.skipped = {.total = skipped.at(0), .in_a_row = skipped.at(1), .in_epoch = skipped.at(2)};
  const Json& plateau = json.at("plateau");
  state.plateau = {.best = number_of(plateau.at("best")),
                   .bad_epochs = plateau.at("bad_epochs"),
                   .factor = number_of(plateau.at("factor"))};
  const Json& stopping = json.at("stopping");
  state.stopping = {.best = optional_number(stopping.at("best")),
                    .best_epoch = stopping.at("best_epoch"),
                    .bad_epochs = stopping.at("bad_epochs"),
                    .best_loss = optional_number(stopping.value("best_loss", Json())),
                    .reference = optional_number(stopping.at("reference"))};
  state.history = history_of(json.at("history"));
  for (const Json& one : json.value("kept", Json::array()))
    state.kept.push_back({.epoch = one.at("epoch"),
                          .value = number_of(one.at("value")),
                          .val_loss = optional_number(one.at("val_loss"))});
  return state;
}

template <typename Read>
auto read_or_throw(std::string_view where, Read read) {
  const auto refuse = [&](const char* what) -> Error {
    return {ErrorKind::weights,
            {.where = std::string(where),
             .found = std::string("is not the state of a training run: ") + what,
             .expected = "what this version writes",
             .tip = "remove the checkpoint and start again"}};
  };
  try {
    return read();
  } catch (const nlohmann::json::exception& error) {
    throw refuse(error.what());
  } catch (const Error& error) {
    throw refuse(error.what());
  }
}

}  // namespace

std::string to_text(const PhaseHistory& history) { return written(history).dump(); }

PhaseHistory phase_history_from(std::string_view text, std::string_view where) {
  return read_or_throw(where, [&] { return history_of(parse_json(text, where, ErrorKind::weights)); });
}

std::string to_text(const LoopState& state) {
  Json kept = Json::array();
  for (const KeptEpoch& one : state.kept)
    kept.push_back({{"epoch", one.epoch}, {"value", written(one.value)}, {"val_loss", written(one.val_loss)}});
  return Json{{"epoch", state.epoch},
              {"step", state.step},
              {"steps_done", state.steps_done},
              {"loss_sum", written(state.loss_sum)},
              {"weight", written(state.weight)},
              {"seconds", written(state.seconds)},
              {"skipped", {state.skipped.total, state.skipped.in_a_row, state.skipped.in_epoch}},
              {"plateau",
               {{"best", written(state.plateau.best)},
                {"bad_epochs", state.plateau.bad_epochs},
                {"factor", written(state.plateau.factor)}}},
              {"stopping",
               {{"best", written(state.stopping.best)},
                {"best_epoch", state.stopping.best_epoch},
                {"bad_epochs", state.stopping.bad_epochs},
                {"best_loss", written(state.stopping.best_loss)},
                {"reference", written(state.stopping.reference)}}},
              {"history", written(state.history)},
              {"kept", std::move(kept)}}
      .dump();
}

LoopState loop_state_from(std::string_view text, std::string_view where) {
  return read_or_throw(where, [&] { return state_of(parse_json(text, where, ErrorKind::weights)); });
}

}  // namespace enxerto

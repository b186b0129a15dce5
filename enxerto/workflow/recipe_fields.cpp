#include "enxerto/workflow/recipe_fields.h"

#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"

namespace enxerto {
namespace {

constexpr double kMost = 1e15;

[[noreturn]] void fail(std::string_view where, std::string found, std::string expected) {
  throw Error(ErrorKind::usage,
              {.where = std::string(where), .found = std::move(found), .expected = std::move(expected), .tip = ""});
}

void check_number(const RecipeField& field, const std::string& name, double value) {
  if (std::isfinite(value) && value >= field.low && value <= field.high) return;
  fail(name, fmt::format("{}", value), fmt::format("a number from {} to {}", field.low, field.high));
}

void check_word(const RecipeField& field, const std::string& name, const std::string& text) {
  if (field.words.empty()) return;
  for (const std::string& word : field.words) {
    if (text == word) return;
  }
  fail(name, fmt::format("'{}'{}", text, did_you_mean(text, field.words)),
       fmt::format("{}", fmt::join(field.words, " | ")));
}

}  // namespace

std::vector<RecipeField> recipe_fields(Recipe& recipe) {
  auto& [data, backbone, input, task, head, loss, training, run, cache, output, phases, resume] = recipe;
  return {
      {"data", "path", &data.path},
      {"data", "test", &data.test},
      {"data", "validation", &data.validation},
      {"data", "held_out", &data.held_out, {}, 0.01, 0.9},
      {"data", "validation_split", &data.validation_split, {}, 0, 0.9},
      {"data", "take", &data.take, {}, 0, kMost},
      {"data", "take_per_class", &data.take_per_class, {}, 0, kMost},
      {"data", "test_take", &data.test_take, {}, 0, kMost},
      {"data", "test_take_per_class", &data.test_take_per_class, {}, 0, kMost},
      {"data", "on_bad", &data.on_bad, {"error", "skip"}},
      {"data", "kind", &data.kind, {"auto", "classes", "multi_label", "values"}},
      {"data", "targets", &data.targets},
      {"data", "images", &data.images},
      {"data", "classes", &data.classes},
      {"backbone", "name", &backbone.name},
      {"backbone", "weights", &backbone.weights},
      {"input", "size", &input.size, {}, 0, 4096},
      {"input", "fit", &input.fit, {"auto", "crop", "squash"}},
      {"input", "scaled_decode", &input.scaled_decode},
      {"input", "normalise", &input.normalise, {"auto", "unit", "tf", "torch", "caffe"}},
      {"task", "kind", &task.kind},
      {"head", "pool", &head.pool, {"avg", "max", "flatten", "concat"}},
      {"head", "hidden", &head.hidden, {}, 1, 65536},
      {"head", "activation", &head.activation, {"relu", "gelu", "tanh", "sigmoid", "silu", "elu", "none"}},
      {"head", "batch_norm", &head.batch_norm},
      {"head", "dropout", &head.dropout, {}, 0, 0.99},
      {"head", "output", &head.output, {"auto", "softmax", "sigmoid", "multi_label", "linear"}},
      {"head", "init", &head.init, {"glorot", "he"}},
      {"head", "l2", &head.l2, {}, 0, 1e12},
      {"head", "class_weights", &head.class_weights, {"none", "balanced"}},
      {"loss", "kind", &loss.kind},
      {"loss", "label_smoothing", &loss.label_smoothing, {}, 0, 0.99},
      {"loss", "focal_gamma", &loss.focal_gamma, {}, 0, 100},
      {"loss", "focal_alpha", &loss.focal_alpha, {}, -1, 1},
      {"loss", "huber_delta", &loss.huber_delta, {}, 1e-12, 1e12},
      {"training", "preset", &training.preset},
      {"training", "train_from", &training.train_from},
      {"training", "optimizer", &training.optimizer},
      {"training", "epochs", &training.epochs, {}, 0, 1e6},
      {"training", "batch_size", &training.batch_size, {}, 0, 1e6},
      {"training", "learning_rate", &training.learning_rate, {}, 0, 1e6},
      {"training", "precision", &training.precision, {"auto", "fp32", "bf16"}},
      {"training", "rows", &training.rows, {"fp32", "fp16", "bf16"}},
      {"training", "cache_budget_gb", &training.cache_budget_gb, {}, 0, 1e6},
      {"training", "checkpoint_seconds", &training.checkpoint_seconds, {}, 0, 1e6},
      {"training", "device", &training.device, {"cpu", "cuda"}},
      {"run", "seed", &run.seed, {}, 0, kMost},
      {"run", "threads", &run.threads, {}, 0, 1024},
      {"run", "batch", &run.batch, {}, 0, 4096},
      {"run", "precision", &run.precision, {"auto", "fp32", "bf16"}},
      {"cache", "enabled", &cache.enabled},
      {"cache", "directory", &cache.directory},
      {"cache", "limit_gb", &cache.limit_gb, {}, 0, 1e6},
      {"output", "path", &output.path},
      {"output", "replace", &output.replace},
  };
}

// Ranges of numbers, optimizers and schedules are checked by transfer's `check` of a phase, which knows the stages.
std::vector<RecipeField> phase_fields(Phase& phase) {
  ScheduleOptions& schedule = phase.schedule;
  EarlyStopping& stopping = phase.stopping;
  Augmentation& augmentation = phase.augmentation;
  return {
      {"", "train_from", &phase.train_from},
      {"", "epochs", &phase.epochs},
      {"", "optimizer", &phase.optimizer},
      {"", "learning_rate", &phase.learning_rate},
      {"", "find_rate", &phase.find_rate},
      {"", "layer_decay", &phase.layer_decay},
      {"", "batch_size", &phase.batch_size},
      {"", "momentum", &phase.momentum},
      {"", "nesterov", &phase.nesterov},
      {"", "weight_decay", &phase.weight_decay},
      {"", "decay_all", &phase.decay_all},
      {"", "epsilon", &phase.epsilon},
      {"", "clip_norm", &phase.clip_norm},
      {"", "accumulate", &phase.accumulate},
      {"", "average_decay", &phase.average_decay},
      {"", "batch_norm", &phase.batch_norm},
      {"", "views", &phase.views, {}, 0, 1000},
      {"", "schedule", &schedule.kind},
      {"", "warmup_epochs", &schedule.warmup_epochs},
      {"", "warmup_factor", &schedule.warmup_factor},
      {"", "gamma", &schedule.gamma},
      {"", "step_epochs", &schedule.step_epochs},
      {"", "final_factor", &schedule.final_factor},
      {"", "cycle_start", &schedule.cycle_start},
      {"", "cycle_rise", &schedule.cycle_rise},
      {"", "plateau_patience", &schedule.plateau_patience},
      {"", "plateau_min_delta", &schedule.plateau_min_delta},
      {"", "monitor", &stopping.monitor},
      {"", "min_delta", &stopping.min_delta},
      {"", "patience", &stopping.patience},
      {"", "restore_best", &stopping.restore_best},
      {"augmentation", "flip", &augmentation.flip},
      {"augmentation", "vertical_flip", &augmentation.vertical_flip},
      {"augmentation", "crop", &augmentation.crop},
      {"augmentation", "pad_crop", &augmentation.pad_crop},
      {"augmentation", "rotate", &augmentation.rotate},
      {"augmentation", "zoom", &augmentation.zoom},
      {"augmentation", "brightness", &augmentation.brightness},
      {"augmentation", "contrast", &augmentation.contrast},
      {"augmentation", "saturation", &augmentation.saturation},
      {"augmentation", "hue", &augmentation.hue},
      {"augmentation", "randaugment", &augmentation.randaugment},
      {"augmentation", "randaugment_magnitude", &augmentation.randaugment_magnitude},
      {"augmentation", "erase", &augmentation.erase},
      {"augmentation", "mixup", &augmentation.mixup},
      {"augmentation", "cutmix", &augmentation.cutmix},
  };
}

void check_field(const RecipeField& field, std::string_view where) {
  const std::string name = field.table.empty() ? fmt::format("{}{}", where, field.key)
                                               : fmt::format("{}{}.{}", where, field.table, field.key);
  if (const auto* text = std::get_if<std::string*>(&field.slot)) check_word(field, name, **text);
  if (const auto* number = std::get_if<double*>(&field.slot)) check_number(field, name, **number);
  if (const auto* whole = std::get_if<std::int64_t*>(&field.slot))
    check_number(field, name, static_cast<double>(**whole));
  if (const auto* list = std::get_if<std::vector<std::int64_t>*>(&field.slot)) {
    for (const std::int64_t value : **list) check_number(field, name, static_cast<double>(value));
  }
}

void read_field(const Json& value, const RecipeField& field, const std::string& name) {
  constexpr std::array<std::string_view, 6> kKinds{"a text",        "a whole number",          "a number",
                                                   "true or false", "a list of whole numbers", "a list of texts"};
  const auto all = [&](bool (Json::*is)() const) {
    bool right = value.is_array();
    for (const Json& one : value) right = right && (one.*is)();
    return right;
  };
  if (auto* const* text = std::get_if<std::string*>(&field.slot); text != nullptr && value.is_string()) {
    **text = value.get<std::string>();
  } else if (auto* const* flag = std::get_if<bool*>(&field.slot); flag != nullptr && value.is_boolean()) {
    **flag = value.get<bool>();
  } else if (auto* const* whole = std::get_if<std::int64_t*>(&field.slot);
             whole != nullptr && value.is_number_integer()) {
    **whole = value.get<std::int64_t>();
  } else if (auto* const* number = std::get_if<double*>(&field.slot); number != nullptr && value.is_number()) {
    **number = value.get<double>();
  } else if (auto* const* wholes = std::get_if<std::vector<std::int64_t>*>(&field.slot);
             wholes != nullptr && all(&Json::is_number_integer)) {
    **wholes = value.get<std::vector<std::int64_t>>();
  } else if (auto* const* texts = std::get_if<std::vector<std::string>*>(&field.slot);
             texts != nullptr && all(&Json::is_string)) {
    **texts = value.get<std::vector<std::string>>();
  } else {
    fail(name, "a value of another type", std::string(kKinds.at(field.slot.index())));
  }
}

}  // namespace enxerto

#include "enxerto/engine/optimizer_options.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"

namespace enxerto {
namespace {

using Options = OptimizerOptions;

constexpr std::array kFields{
    Setting<Options>{"momentum", [](Options& o) -> SettingSlot { return &o.momentum; }, "of sgd and rmsprop",
                     kBelowOne},
    Setting<Options>{"nesterov", [](Options& o) -> SettingSlot { return &o.nesterov; },
                     "Nesterov's momentum, in sgd (Nesterov 1983)"},
    Setting<Options>{"beta1", [](Options& o) -> SettingSlot { return &o.beta1; },
                     "of adam and adamw: smoothing of the gradient", kBelowOne},
    Setting<Options>{"beta2", [](Options& o) -> SettingSlot { return &o.beta2; },
                     "of adam and adamw: smoothing of its square", kBelowOne},
    Setting<Options>{"alpha", [](Options& o) -> SettingSlot { return &o.alpha; },
                     "of rmsprop: smoothing of the gradient's square", kBelowOne},
    Setting<Options>{"epsilon", [](Options& o) -> SettingSlot { return &o.epsilon; },
                     "added to the denominator, in optimizers that have one (Keras: 1e-7); 0: PyTorch's default",
                     kNotNegative},
};

/// "0.9", "set"; "" where the knob is as it is by default, or 0.
std::string turned(const SettingSlot& slot, const SettingSlot& plain) {
  if (const auto* number = std::get_if<double*>(&slot))
    return **number == 0 || **number == **std::get_if<double*>(&plain) ? "" : fmt::format("{}", **number);
  return **std::get_if<bool*>(&slot) ? "set" : "";
}

}  // namespace

std::span<const Setting<OptimizerOptions>> optimizer_settings() { return kFields; }

void check_knobs(const OptimizerOptions& options, const OptimizerRow& row, std::string_view where) {
  Options asked = options, plain;
  for (const Setting<Options>& field : kFields) {
    check(bind(field, asked), where);
    const std::string value = turned(field.slot(asked), field.slot(plain));
    if (value.empty() || row.takes(field.key)) continue;
    throw usage_error(fmt::format("{}{}", where, field.key), fmt::format("{} with {}, which has none", value, row.name),
                      "an optimizer that takes it", fmt::format("leave {} out", field.key));
  }
  if (options.nesterov && options.momentum == 0)
    throw usage_error(fmt::format("{}nesterov", where), fmt::format("set with {}, momentum 0", row.name),
                      "sgd with momentum above 0", "momentum = 0.9");
}

void check(const OptimizerOptions& options, std::string_view where) {
  const OptimizerRow* row = find_optimizer(options.kind);
  if (row != nullptr) return check_knobs(options, *row, where);
  std::vector<std::string> names;
  for (const OptimizerRow& known : kOptimizers) names.emplace_back(known.name);
  refuse_word(fmt::format("{}kind", where), options.kind, names);
}

}  // namespace enxerto

#pragma once
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

template <typename Owner>
struct Setting;

/// The rule by which a gradient changes a parameter, as PyTorch defines it (torch.optim of 2.15).
struct OptimizerOptions {
  std::string kind = "adam";          ///< a name of `kOptimizers`
  double momentum = 0;                ///< of sgd and rmsprop, at least 0 and below 1
  bool nesterov = false;              ///< sgd with momentum only
  double beta1 = 0.9, beta2 = 0.999;  ///< of adam and adamw
  double alpha = 0.99;                ///< smoothing of rmsprop
  double epsilon = 0;                 ///< added to the divisor; 0: `OptimizerRow::epsilon`
};

/// What an optimizer remembers of each parameter, each of the parameter's size.
struct Moments {
  bool first = false;   ///< running mean of the gradients
  bool second = false;  ///< running mean, or sum, of their squares
  constexpr int count() const { return (first ? 1 : 0) + (second ? 1 : 0); }
};

/// One optimizer. The update itself is the row of the same name in engine/torch/optimizer_rules.cpp.
struct OptimizerRow {
  std::string_view name, help;
  std::array<std::string_view, 3> knobs;  ///< keys of `optimizer_settings()` that it takes; "" for none
  Moments (*moments)(const OptimizerOptions& options);
  double epsilon = 0;  ///< PyTorch's

  constexpr bool takes(std::string_view knob) const { return std::ranges::find(knobs, knob) != knobs.end(); }
};

inline constexpr std::array kOptimizers{
    OptimizerRow{"sgd",
                 "gradient descent, with momentum where that is not 0 (Sutskever et al. 2013)",
                 {"momentum", "nesterov"},
                 [](const OptimizerOptions& o) { return Moments{.first = o.momentum > 0, .second = false}; }},
    OptimizerRow{"adam",
                 "Kingma, Ba 2015",
                 {"beta1", "beta2", "epsilon"},
                 [](const OptimizerOptions&) { return Moments{.first = true, .second = true}; },
                 1e-8},
    OptimizerRow{"adamw",
                 "Adam with decoupled weight decay (Loshchilov, Hutter 2019)",
                 {"beta1", "beta2", "epsilon"},
                 [](const OptimizerOptions&) { return Moments{.first = true, .second = true}; },
                 1e-8},
    OptimizerRow{"rmsprop",
                 "Hinton 2012",
                 {"alpha", "momentum", "epsilon"},
                 [](const OptimizerOptions& o) { return Moments{.first = o.momentum > 0, .second = true}; },
                 1e-8},
    OptimizerRow{"adagrad",
                 "Duchi, Hazan, Singer 2011",
                 {"epsilon"},
                 [](const OptimizerOptions&) { return Moments{.first = false, .second = true}; },
                 1e-10},
};

/// The row of that name; null where there is none.
constexpr const OptimizerRow* find_optimizer(std::string_view name) {
  const auto* row = std::ranges::find(kOptimizers, name, &OptimizerRow::name);
  return row == kOptimizers.end() ? nullptr : row;
}

/// The knobs of all optimizers: momentum, nesterov, beta1, beta2, alpha, epsilon.
std::span<const Setting<OptimizerOptions>> optimizer_settings();

/// Throws Error{usage} for a knob out of its range, and for one that was turned although `row` does not take it.
/// `where` stands before the knob's name.
void check_knobs(const OptimizerOptions& options, const OptimizerRow& row, std::string_view where);

/// The same with the row that `kind` names. Throws Error{usage} where there is none, with the nearest name.
void check(const OptimizerOptions& options, std::string_view where);

}  // namespace enxerto

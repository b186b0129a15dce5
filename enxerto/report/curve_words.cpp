#include "enxerto/report/curve_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include <fmt/format.h>

namespace enxerto {
namespace {

using Curve = std::span<const double>;

constexpr std::size_t kLeastEpochs = 3;
constexpr double kNoticeable = 0.02;  // a relative change of a loss that is more than its noise
constexpr double kHardly = 0.05;      // a fall of the training loss that is hardly learning
constexpr double kFlat = 0.01;

struct Curves {
  Curve training, validation;
  std::string_view part = "validation";  // that the second curve is of
  bool own_rate = true;                  // it was chosen by whoever reads the words
  std::optional<double> start = {};      // the training loss before the first step
  bool annealed = false;                 // the rate ended near 0, where the last epoch is the best of most runs

  /// What shows how well it goes.
  Curve judged() const { return validation.empty() ? training : validation; }
  std::string judged_name() const { return fmt::format("{} loss", validation.empty() ? "training" : part); }
};

Curve curve_of(const PhaseHistory& history, std::string_view name) {
  const auto found = std::ranges::find(history.series, name, &Series::name);
  return found == history.series.end() ? Curve() : Curve(found->values);
}

std::size_t best_of(Curve curve) { return static_cast<std::size_t>(std::ranges::min_element(curve) - curve.begin()); }

double fall(double from, double to) { return from == 0 ? 0 : (from - to) / std::abs(from); }

/// What would help where steps are too large.
std::string_view smaller_steps(const Curves& curves) {
  return curves.own_rate ? "a smaller learning rate would help"
                         : "a smaller learning rate than the preset's, or training fewer stages, would help";
}

/// Far above what it was before the first step. A network that has learned already begins near 0, where more is no
/// wonder: what knows nothing is near 1 in most losses.
std::optional<std::string> explosion(const Curves& curves) {
  constexpr double kFar = 10;
  const Curve loss = curves.training;
  if (!curves.start || loss.empty() || !(loss.back() > kFar * std::max(*curves.start, 1.0))) return std::nullopt;
  return fmt::format("Divergence: the training loss was {:.3g} before the first step and {:.3g} in the last epoch; {}.",
                     *curves.start, loss.back(), smaller_steps(curves));
}

/// A training loss that is no number, or that stayed above its start to the end; of three epochs far above it, as a
/// little is noise.
std::optional<std::string> divergence(const Curves& curves) {
  for (const auto& [curve, name] :
       {std::pair(curves.training, std::string_view("training")), {curves.validation, curves.part}}) {
    const auto broken = std::ranges::find_if_not(curve, [](double value) { return std::isfinite(value); });
    if (broken != curve.end())
      return fmt::format("Divergence: the {} loss is not a finite number in epoch {}; {}.", name,
                         broken - curve.begin() + 1, smaller_steps(curves));
  }
  if (auto words = explosion(curves)) return words;
  const Curve loss = curves.training;
  if (loss.size() < kLeastEpochs) return std::nullopt;
  const bool is_short = loss.size() == kLeastEpochs;
  const std::size_t best = best_of(loss);
  const double start = is_short ? 1.5 * loss.front() : loss.front();
  const bool stayed = std::ranges::all_of(loss.last(is_short ? kLeastEpochs - 1 : kLeastEpochs),
                                          [&](double value) { return value > start; });
  if (!stayed || (!is_short && loss.back() <= 2 * loss[best])) return std::nullopt;
  return fmt::format("Divergence: the training loss rose from {:.3g} in epoch {} to {:.3g} at the end; {}.", loss[best],
                     best + 1, loss.back(), smaller_steps(curves));
}

std::optional<std::string> overfitting(const Curves& curves) {
  const std::size_t epochs = std::min(curves.training.size(), curves.validation.size());
  if (epochs < kLeastEpochs) return std::nullopt;
  const Curve training = curves.training.first(epochs), validation = curves.validation.first(epochs);
  const std::size_t best = best_of(validation);
  const bool rises = epochs - best > 2 && fall(validation[best], validation.back()) < -kNoticeable;
  if (!rises || fall(training[best], training.back()) < kNoticeable) return std::nullopt;
  return fmt::format(
      "Overfitting from epoch {} on: the {} loss rose from {:.3g} to {:.3g} while the training loss fell from "
      "{:.3g} to {:.3g}; more examples, augmentation, dropout or weight decay would help.",
      best + 2, curves.part, validation[best], validation.back(), training[best], training.back());
}

std::optional<std::string> underfitting(const Curves& curves) {
  const Curve loss = curves.training;
  const double best = *std::ranges::min_element(loss);
  if (fall(loss.front(), best) >= kHardly || fall(loss.front(), loss.back()) < -kHardly) return std::nullopt;
  return fmt::format(
      "Underfitting: the training loss hardly fell, from {:.3g} to {:.3g} in {} epochs; {} or training more stages "
      "would help.",
      loss.front(), best, loss.size(), curves.own_rate ? "a higher learning rate" : "more epochs");
}

/// The epoch after which the best value improved by less than a hundredth.
std::optional<std::string> plateau(const Curves& curves) {
  const Curve loss = curves.judged();
  const double best = *std::ranges::min_element(loss);
  const auto near = std::ranges::find_if(loss, [&](double value) { return fall(value, best) < kFlat; });
  const std::size_t since = static_cast<std::size_t>(near - loss.begin());
  if (loss.size() - since <= std::max<std::size_t>(kLeastEpochs, loss.size() / 3)) return std::nullopt;
  return fmt::format("Plateau: since epoch {} the {} has not improved by more than {:.0f} %; fewer epochs would do.",
                     since + 1, curves.judged_name(), kFlat * 100);
}

bool best_at_its_end(Curve loss) {
  const std::size_t last = loss.size() - 1;
  return best_of(loss) == last && fall(loss[last - 1], loss[last]) >= kFlat;
}

std::optional<std::string> improving(const Curves& curves) {
  const Curve loss = curves.judged();
  if (curves.annealed || !best_at_its_end(loss)) return std::nullopt;
  return fmt::format(
      "Still improving at the end: the {} was at its best, {:.3g}, in the last epoch; more epochs would "
      "help.",
      curves.judged_name(), loss.back());
}

/// Epochs after which nothing was judged have the value of the one before.
std::vector<double> carried(Curve curve) {
  std::vector<double> values(curve.begin(), curve.end());
  for (std::size_t i = 1; i < values.size(); ++i)
    if (std::isnan(values[i])) values[i] = values[i - 1];
  return values;
}

bool is_annealed(Curve rates) {
  constexpr double kNearNothing = 0.1;
  return !rates.empty() && rates.back() < kNearNothing * *std::ranges::max_element(rates);
}

/// Curves of a phase, and what they are made of.
struct PhaseCurves {
  PhaseCurves(const PhaseHistory& history, const CurvesRead& read)
      : validation(carried(curve_of(history, "val_loss"))),
        curves{.training = curve_of(history, "loss"),
               .validation = validation,
               .part = read.part,
               .own_rate = read.own_rate,
               .start = history.start,
               .annealed = is_annealed(curve_of(history, "learning_rate"))} {}
  std::vector<double> validation;
  Curves curves;
};

}  // namespace

bool still_improving(const PhaseHistory& history) {
  const PhaseCurves phase(history, CurvesRead{});
  const Curve loss = phase.curves.judged();
  return loss.size() >= kLeastEpochs && !phase.curves.annealed && best_at_its_end(loss);
}

bool is_diverging(const PhaseHistory& history) {
  return divergence(PhaseCurves(history, CurvesRead{}).curves).has_value();
}

std::vector<std::string> curve_words(const PhaseHistory& history, const CurvesRead& read) {
  const PhaseCurves phase(history, read);
  const Curves& curves = phase.curves;
  if (const auto words = divergence(curves)) return {*words};
  if (curves.training.size() < kLeastEpochs || curves.judged().size() < kLeastEpochs) return {};
  constexpr std::array kSayings{overfitting, underfitting};
  std::vector<std::string> words;
  for (const auto& say : kSayings)
    if (auto text = say(curves)) words.push_back(*text);
  if (!words.empty()) return words;
  for (const auto& say : {plateau, improving})
    if (auto text = say(curves)) words.push_back(*text);
  return words;
}

}  // namespace enxerto

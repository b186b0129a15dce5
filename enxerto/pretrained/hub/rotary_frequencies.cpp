#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "enxerto/pretrained/hub/token_families.h"

namespace enxerto {
namespace {

/// Frequencies that turn less than once within the context of pretraining are slower by a factor, and those between
/// partly (Llama 3.1, in transformers `_compute_llama3_parameters`).
double for_longer_context(const HubConfig& scaling, double frequency) {
  const double factor = scaling.number("factor", 8), low = scaling.number("low_freq_factor", 1),
               high = scaling.number("high_freq_factor", 4),
               context = scaling.number("original_max_position_embeddings", 8192);
  if (!(factor > 0 && low > 0 && high > low && context > 0))
    scaling.fail("scales its rotary positions by impossible factors", "low_freq_factor < high_freq_factor");
  const double wavelength = 2 * std::numbers::pi / frequency;
  if (wavelength < context / high) return frequency;
  if (wavelength > context / low) return frequency / factor;
  const double smooth = (context / wavelength - low) / (high - low);
  return (1 - smooth) * frequency / factor + smooth * frequency;
}

/// A factor for each frequency, as GGUF files have them.
double divided(const HubConfig& scaling, std::size_t index, double frequency) {
  const std::vector<double> factors = scaling.numbers("factors", {});
  if (index >= factors.size() || !(factors[index] > 0))
    scaling.fail(fmt::format("has {} factors for its rotary positions", factors.size()),
                 "one above 0 for every two numbers of a head");
  return frequency / factors[index];
}

double scaled(const HubConfig& scaling, const std::string& kind, std::size_t index, double frequency) {
  if (kind == "default") return frequency;
  if (kind == "divided") return divided(scaling, index, frequency);
  if (kind == "llama3") return for_longer_context(scaling, frequency);
  const double factor = scaling.number("factor", 1);
  if (kind == "linear" && factor > 0) return frequency / factor;
  scaling.fail(fmt::format("scales its rotary positions by the kind '{}'", kind), "default, linear, llama3", kOnnxTip);
}

}  // namespace

HubConfig rotary_parameters(const HubConfig& config) {
  const Json* const scaling = config.find("rope_scaling");
  return config.inside(scaling != nullptr && !scaling->empty() ? "rope_scaling" : "rope_parameters");
}

std::vector<float> rotary_frequencies(const HubConfig& config, std::int64_t width, double usual_base) {
  const HubConfig scaling = rotary_parameters(config);
  const double base = scaling.number("rope_theta", usual_base);
  const std::string kind = scaling.text("rope_type", scaling.text("type", "default"));
  if (!(base > 1 && std::isfinite(base))) config.fail(fmt::format("'rope_theta' is {}", base), "a number above 1");
  constexpr std::int64_t kWidest = 65536;
  if (width < 2 || width > kWidest || width % 2 != 0)
    config.fail(fmt::format("rotates {} numbers of a head", width), "an even number of them");
  std::vector<float> frequencies;
  for (std::int64_t i = 0; i < width; i += 2)
    frequencies.push_back(static_cast<float>(scaled(
        scaling, kind, frequencies.size(), std::pow(base, -static_cast<double>(i) / static_cast<double>(width)))));
  return frequencies;
}

}  // namespace enxerto

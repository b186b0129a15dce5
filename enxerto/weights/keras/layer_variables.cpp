#include "enxerto/weights/keras/layer_variables.h"

#include <algorithm>
#include <array>

#include "enxerto/base/floating.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// The variables of a class in the order in which it makes them; those behind the first `fewest` may be missing.
struct Rule {
  std::string_view kind;
  std::size_t fewest;
  std::array<std::string_view, 3> variables;
};
constexpr Rule kRules[] = {
    {"conv1d", 1, {"kernel", "bias"}},
    {"conv2d", 1, {"kernel", "bias"}},
    {"conv3d", 1, {"kernel", "bias"}},
    {"conv1d_transpose", 1, {"kernel", "bias"}},
    {"conv2d_transpose", 1, {"kernel", "bias"}},
    {"conv3d_transpose", 1, {"kernel", "bias"}},
    {"dense", 1, {"kernel", "bias"}},
    {"einsum_dense", 1, {"kernel", "bias"}},
    {"depthwise_conv1d", 1, {"depthwise_kernel", "bias"}},
    {"depthwise_conv2d", 1, {"depthwise_kernel", "bias"}},
    {"separable_conv1d", 2, {"depthwise_kernel", "pointwise_kernel", "bias"}},
    {"separable_conv2d", 2, {"depthwise_kernel", "pointwise_kernel", "bias"}},
    {"simple_rnn_cell", 2, {"kernel", "recurrent_kernel", "bias"}},
    {"gru_cell", 2, {"kernel", "recurrent_kernel", "bias"}},
    {"lstm_cell", 2, {"kernel", "recurrent_kernel", "bias"}},
    {"embedding", 1, {"embeddings"}},
    {"p_re_lu", 1, {"alpha"}},
    {"layer_scale", 1, {"gamma"}},
    {"normalization", 3, {"mean", "variance", "count"}},
};

/// Normalisations have gamma where they scale and beta where they centre; then their statistics.
struct Normalisation {
  std::string_view kind;
  std::size_t statistics;
};
constexpr Normalisation kNormalisations[] = {
    {"batch_normalization", 2}, {"layer_normalization", 0}, {"group_normalization", 0}, {"unit_normalization", 0}};

const Rule* rule_for(std::string_view kind) {
  const auto* const found = std::ranges::find(kRules, kind, &Rule::kind);
  return found == std::end(kRules) ? nullptr : found;
}

const Normalisation* normalisation_for(std::string_view kind) {
  const auto* const found = std::ranges::find(kNormalisations, kind, &Normalisation::kind);
  return found == std::end(kNormalisations) ? nullptr : found;
}

using Names = std::optional<std::vector<std::string>>;

Names names_of_normalisation(const Normalisation& kind, const KerasLayer* config, std::size_t count) {
  if (count < kind.statistics || count > kind.statistics + 2) return std::nullopt;
  const std::size_t affine = count - kind.statistics;
  bool gamma = affine == 2, beta = affine == 2;
  if (affine == 1 && config != nullptr) {
    gamma = config->scale;
    beta = config->center;
  } else if (affine == 1 && kind.statistics > 0) {
    // Keras's own networks leave out the scale of a batch normalisation (InceptionV3), never its shift.
    beta = true;
  }
  if ((gamma ? 1U : 0U) + (beta ? 1U : 0U) != affine) return std::nullopt;
  std::vector<std::string> names;
  if (gamma) names.emplace_back("gamma");
  if (beta) names.emplace_back("beta");
  if (kind.statistics > 0) {
    names.emplace_back("moving_mean");
    names.emplace_back("moving_variance");
  }
  return names;
}

}  // namespace

bool has_known_variables(std::string_view kind) {
  return rule_for(kind) != nullptr || normalisation_for(kind) != nullptr;
}

Names variable_names(std::string_view kind, const KerasLayer* config, std::span<const Hdf5Tensor* const> variables) {
  if (variables.empty() || !is_floating(variables.front()->tensor.dtype())) return std::nullopt;
  if (const Normalisation* const found = normalisation_for(kind); found != nullptr)
    return names_of_normalisation(*found, config, variables.size());
  const Rule* const rule = rule_for(kind);
  if (rule == nullptr || variables.size() < rule->fewest) return std::nullopt;
  const auto most =
      to_size(std::ranges::count_if(rule->variables, [](std::string_view variable) { return !variable.empty(); }));
  if (variables.size() > most) return std::nullopt;
  const auto end = rule->variables.begin() + static_cast<std::ptrdiff_t>(variables.size());
  return std::vector<std::string>(rule->variables.begin(), end);
}

}  // namespace enxerto

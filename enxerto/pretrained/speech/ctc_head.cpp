#include "enxerto/pretrained/speech/ctc_head.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/pretrained/ctc_model.h"
#include "enxerto/pretrained/hub/sound_network.h"
#include "enxerto/pretrained/hub_folder.h"

namespace enxerto {
namespace {

/// Rows of `width` numbers with that of the blank first.
Tensor blank_first(const Tensor& tensor, std::size_t blank, std::size_t width) {
  const Tensor known = tensor.to_float32();
  const auto values = known.as<float>();
  std::vector<float> sorted(values.begin(), values.end());
  const auto row = [&](std::size_t number) { return sorted.begin() + static_cast<std::ptrdiff_t>(number * width); };
  std::rotate(row(0), row(blank), row(blank + 1));
  return Tensor::of<float>(known.shape(), std::span<const float>(sorted));
}

/// "head.weight" and "head.bias".
StateDict head_weights(const StateDict& file, const CtcVocabulary& vocabulary, std::int64_t width,
                       const std::string& where) {
  const auto units = std::ssize(vocabulary.texts);
  StateDict head;
  const std::array<std::pair<const char*, Shape>, 2> parts{{{"weight", Shape{units, width}}, {"bias", Shape{units}}}};
  for (const auto& [part, shape] : parts) {
    const std::string name = fmt::format("lm_head.{}", part);
    const Tensor* const tensor = file.find(name);
    if (tensor == nullptr)
      throw weights_error(where, fmt::format("has no tensor {}, which config.json says it has", name), name,
                          "take both files from the source of the weights");
    if (tensor->shape() != shape)
      throw weights_error(where, fmt::format("{} is {}", name, to_string(tensor->shape())),
                          fmt::format("{}: 'vocab_size' by 'hidden_size'", to_string(shape)),
                          "take config.json from the source of the weights");
    head.set(fmt::format("head.{}", part),
             blank_first(*tensor, to_size(vocabulary.blank), shape.size() == 2 ? to_size(width) : 1));
  }
  return head;
}

}  // namespace

void give_ctc_head(Backbone& backbone, const CtcVocabulary& vocabulary, const StateDict& file) {
  const Value states = backbone.graph.outputs.front();
  const StateDict weights = head_weights(file, vocabulary, states.shape.back().size, backbone.weights_file);
  backbone.graph = with_ctc_head(backbone.graph, weights);
  backbone.units = vocabulary.texts;
  std::rotate(backbone.units.begin(), backbone.units.begin() + vocabulary.blank,
              backbone.units.begin() + vocabulary.blank + 1);
  backbone.units.front().clear();
  std::erase(backbone.left_out, "lm_head");
}

bool is_ctc_folder(const std::filesystem::path& path) {
  if (!is_hub_folder(path)) return false;
  const HubConfig config(path / "config.json");
  const std::vector<std::string> types = sound_model_types(), classes = config.texts("architectures");
  return std::ranges::find(types, config.text("model_type", "")) != types.end() && !classes.empty() &&
         classes[0].ends_with("ForCTC") && std::filesystem::exists(path / "vocab.json");
}

}  // namespace enxerto

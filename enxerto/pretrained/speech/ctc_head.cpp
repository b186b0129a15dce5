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
#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/heads/head.h"
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

/// The file's head, whose answers are called "logits".
Graph plain_ctc_head(const Value& states, const StateDict& weights) {
  GraphBuilder net("head");
  const std::string x = net.input(states.name, states.shape);
  net.stage(std::string(kHeadStage));
  net.output(net.dense(x, "head", weights.at("head.bias").shape()[0]), "logits");
  return std::move(net).finish().fill(weights);
}

}  // namespace

void give_ctc_head(Backbone& backbone, const CtcVocabulary& vocabulary, const StateDict& file) {
  const Value states = backbone.graph.outputs.front();
  const StateDict weights = head_weights(file, vocabulary, states.shape.back().size, backbone.weights_file);
  const std::string name = backbone.graph.name;
  backbone.graph = append(backbone.graph, plain_ctc_head(states, weights));
  backbone.graph.name = name;
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

Bundle ctc_model(const std::filesystem::path& path) {
  const Backbone backbone = load_backbone(path.string());
  Graph body = cut(backbone.graph, kHeadStage).prefix;
  const HeadFeatures features(body.outputs.front(),
                              *std::ranges::find(backbone.graph.inputs, kAttentionMask, &Value::name));
  body.outputs.push_back(*features.mask);
  const Blueprint head = head_network({.pool = "none", .output = "ctc"}, features, std::ssize(backbone.units));
  StateDict weights;
  for (const ParameterSpec& spec : head.parameters) weights.set(spec.name, backbone.graph.parameters.at(spec.name));
  Bundle model;
  model.graph = join(body, head.fill(weights));
  std::erase_if(model.graph.outputs, [](const Value& value) { return value.name != kHeadProbabilities; });
  model.graph.name = backbone.graph.name;
  model.preprocessor = backbone.spec.preprocessor;
  model.precision = {{"prefix", "fp32"}};
  model.task = "speech_recognition";
  model.labels = {"transcript"};
  model.task_facts = {{"units", std::vector<std::string>(backbone.units.begin() + 1, backbone.units.end())}};
  return model;
}

}  // namespace enxerto

// Usage: front_ends NAME
// Reads names of recordings, one a line, from standard input; writes of each what the front end NAME makes of it: how
// many numbers (int64), then the numbers (float32). Names: log_mel_8000, log_mel_16000, whisper, wav2vec2, ast, yamnet,
// panns, speech_embedding:FOLDER. Built by tools/parity/front_ends.py.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/media/audio/audio_preprocessor.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/media/audio/sound_windows.h"
#include "enxerto/media/audio/utterance_preprocessor.h"
#include "enxerto/media/batch_inputs.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/zoo/log_mel.h"
#include "enxerto/zoo/panns.h"
#include "enxerto/zoo/spectrogram_transformer.h"
#include "enxerto/zoo/whisper.h"
#include "enxerto/zoo/yamnet.h"
#include "tools/parity/run_program.h"

using namespace enxerto;

namespace {

/// What makes the numbers of one recording.
using FrontEnd = std::function<std::vector<float>(const Field& field, const std::string& name)>;

std::vector<float> floats_of(const Tensor& tensor) {
  const auto values = tensor.as<float>();
  return {values.begin(), values.end()};
}

/// What gives one value of a network.
struct Part {
  std::shared_ptr<Executor> network;
  std::vector<Value> inputs;

  Tensor run(const TensorMap& all, const std::string& value) const {
    TensorMap own;
    for (const Value& input : inputs) own.set(input.name, all.at(input.name));
    return network->run(own).at(value);
  }
};

/// The part of a network that gives `value`, with these parameters.
Part part_of(Graph graph, const std::string& value, const StateDict& parameters) {
  const ValueType type = infer_shapes(graph).at(value);
  graph.outputs = {{.name = value, .dtype = type.dtype, .shape = type.shape}};
  graph = without_dead_nodes(graph);
  graph.parameters = parameters;
  std::erase_if(graph.inputs, [&](const Value& input) {
    return std::ranges::none_of(graph.nodes,
                                [&](const Node& node) { return std::ranges::count(node.inputs, input.name) > 0; });
  });
  return {compile(graph, {.threads = 1}), graph.inputs};
}

/// The same of a network whose weights are not there.
Part part_of(const Blueprint& blueprint, const std::string& value, const StateDict& parameters) {
  Graph graph = blueprint.graph;
  for (const ParameterSpec& spec : blueprint.parameters) {
    TensorBuffer zeros(spec.dtype, spec.shape);
    std::ranges::fill(zeros.bytes(), std::byte{0});
    graph.parameters.set(spec.name, std::move(zeros).freeze());
  }
  return part_of(std::move(graph), value, parameters);
}

/// All windows of a recording, one after the other, through `network`.
FrontEnd of_preprocessor(const PreprocessorPtr& preprocessor, const Part& part, const std::string& value) {
  return [=](const Field& field, const std::string& name) {
    std::vector<float> all;
    Field window = field;
    const std::size_t count = preprocessor->windows(std::span(&field, 1), name);
    for (std::size_t i = 0; i < count; ++i) {
      window.window = static_cast<std::int64_t>(i);
      BatchInputs batch(preprocessor->inputs(), 1);
      BatchInputs::Slots slots = batch.slots(0);
      (void)preprocessor->encode(std::span(&window, 1), {.where = name}, slots);
      const TensorMap inputs = batch.collect(1);
      const std::vector<float> found = floats_of(part.network ? part.run(inputs, value) : inputs.at(value));
      all.insert(all.end(), found.begin(), found.end());
    }
    return all;
  };
}

/// Of 2.5 s, with silence behind what is shorter.
FrontEnd log_mel_of(std::int64_t rate) {
  const std::int64_t length = rate * 5 / 2;
  const LogMel spec = log_mel_at(rate);
  GraphBuilder net("log_mel");
  const std::string samples = net.input("samples", {"batch", length});
  net.stage("log_mel");
  net.output(log_mel(net, samples, spec), "picture");
  const auto network =
      std::shared_ptr<Executor>(compile(std::move(net).finish().fill(log_mel_parameters(spec)), {.threads = 1}));
  return [=](const Field& field, const std::string& name) {
    std::vector<float> heard = resampled(decode_clip(field.bytes.bytes(), name), rate);
    heard.resize(static_cast<std::size_t>(length));
    TensorMap inputs;
    inputs.set("samples", Tensor::of<float>({1, std::ssize(heard)}, std::span<const float>(heard)));
    return floats_of(network->run(inputs).at("picture"));
  };
}

FrontEnd whisper_mel() {
  WhisperConfig config;
  return of_preprocessor(
      audio_preprocessor({.rate = config.mel.rate, .samples = config.samples, .counted = true}, "whisper"),
      part_of(whisper(config), "log_mel", whisper_front_end(config)), "log_mel");
}

FrontEnd ast_bands() {
  const SpectrogramTransformerConfig config;
  return of_preprocessor(
      audio_preprocessor({.rate = config.front.rate, .samples = config.front.samples(), .counted = true}, "ast"),
      part_of(spectrogram_transformer(config), "fbank.normalised", kaldi_fbank_parameters(config.front)),
      "fbank.normalised");
}

FrontEnd yamnet_mels() {
  const YamnetConfig config;
  return of_preprocessor(
      sound_windows({.rate = config.rate, .window = config.samples(), .step = config.patch_hop * config.hop}, "yamnet"),
      part_of(yamnet(config), "mel", yamnet_constants(config)), "mel");
}

FrontEnd panns_mels() {
  const PannsConfig config;
  return of_preprocessor(utterance_preprocessor({.rate = config.mel.rate,
                                                 .step = config.mel.hop,
                                                 .reach = config.mel.window,
                                                 .least = config.least(),
                                                 .mirrored = config.mirrored()},
                                                "panns"),
                         part_of(panns_cnn14(config), "mel", panns_constants(config)), "mel");
}

FrontEnd embedding_mels(const std::string& folder) {
  const Backbone backbone = load_backbone(folder);
  const StateDict parameters = backbone.graph.parameters;
  StateDict mel;
  for (const auto& [name, tensor] : parameters)
    if (name.starts_with("mel.")) mel.set(name, tensor);
  return of_preprocessor(backbone.spec.preprocessor, part_of(backbone.graph, "mel", mel), "mel");
}

FrontEnd named(const std::string& name) {
  const std::map<std::string, std::function<FrontEnd()>> all{
      {"log_mel_8000", [] { return log_mel_of(8'000); }},
      {"log_mel_16000", [] { return log_mel_of(16'000); }},
      {"whisper", whisper_mel},
      {"wav2vec2",
       [] { return of_preprocessor(utterance_preprocessor({.normalise = true}, "wav2vec2"), {}, "samples"); }},
      {"ast", ast_bands},
      {"yamnet", yamnet_mels},
      {"panns", panns_mels},
  };
  constexpr std::string_view kEmbedding = "speech_embedding:";
  if (name.starts_with(kEmbedding)) return embedding_mels(name.substr(kEmbedding.size()));
  return all.at(name)();
}

void run(char** arguments) {
  const FrontEnd front = named(arguments[1]);
  std::string name;
  while (std::getline(std::cin, name)) {
    std::ifstream file(name, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const Field field{.medium = Medium::audio,
                      .bytes = Tensor::copied(DType::u8, {std::ssize(bytes)}, std::as_bytes(std::span(bytes)))};
    const std::vector<float> numbers = front(field, name);
    const std::int64_t count = std::ssize(numbers);
    std::fwrite(&count, sizeof count, 1, stdout);
    std::fwrite(numbers.data(), sizeof(float), numbers.size(), stdout);
  }
}

}  // namespace

int main(int count, char** arguments) { return run_program(count, 2, arguments, run); }

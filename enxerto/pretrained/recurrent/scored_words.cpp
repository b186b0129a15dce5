#include "enxerto/pretrained/recurrent/scored_words.h"

#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/json.h"
#include "enxerto/pretrained/recurrent/recurrent_weights.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/recurrent_network.h"

namespace enxerto {
namespace {

constexpr std::int64_t kUsualWindow = 40, kLongestWindow = 4096;
constexpr std::size_t kLargestConfig = std::size_t{1} << 20;

/// The tensor whose name ends so; null where there is none.
const Tensor* ending_in(const StateDict& file, std::string_view end) {
  for (const auto& [name, tensor] : file)
    if (name.ends_with(end)) return &tensor;
  return nullptr;
}

Tensor output_rows(const Tensor& matrix) {
  const Tensor values = matrix.to_float32();
  const auto rows = to_size(matrix.shape()[0]), columns = to_size(matrix.shape()[1]);
  TensorBuffer buffer(DType::f32, {matrix.shape()[1], matrix.shape()[0]});
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) buffer.as<float>()[j * rows + i] = values.as<float>()[i * columns + j];
  return std::move(buffer).freeze();
}

/// As a file of settings beside the weights says; 0 where none does.
std::int64_t stated_window(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (!entry.path().filename().string().ends_with("config.json")) continue;
    const Json config = read_json(entry.path(), kLargestConfig, ErrorKind::weights);
    if (!config.is_object() || !config.contains("max_length")) continue;
    const std::int64_t window =
        config["max_length"].is_number_integer() ? config["max_length"].get<std::int64_t>() : std::int64_t{0};
    if (window < 1 || window > kLongestWindow)
      throw weights_error(entry.path().string(), fmt::format("max_length {}", config["max_length"].dump()),
                          fmt::format("1 to {}", kLongestWindow));
    return window;
  }
  return 0;
}

}  // namespace

std::optional<WindowNetwork> scored_words(const Backbone& backbone) {
  const std::string& where = backbone.weights_file;
  const WeightFile file = read_weights(where);
  const Tensor *const attention = ending_in(file.tensors, "attention/attention_W"),
                      *const kernel = ending_in(file.tensors, "output/kernel"),
                      *const bias = ending_in(file.tensors, "output/bias");
  if (attention == nullptr || kernel == nullptr || bias == nullptr || kernel->shape().size() != 2) return std::nullopt;
  std::optional<RecurrentWeights> weights = recurrent_weights(file, where);
  if (!weights) return std::nullopt;
  weights->config.scored_words = kernel->shape()[1];
  weights->parameters.set("attention.weight", attention->to_float32());
  weights->parameters.set("words.weight", output_rows(*kernel));
  weights->parameters.set("words.bias", bias->to_float32());
  if (weights->config.scored_words != weights->config.vocabulary)
    throw weights_error(where, fmt::format("{} words are scored", weights->config.scored_words),
                        fmt::format("{}, as many as it has vectors of", weights->config.vocabulary));
  WindowNetwork network{.graph = recurrent_network(weights->config).fill(weights->parameters, where)};
  require_sound(network.graph, weights->parameters, where);
  const std::filesystem::path path(where);
  network.window = stated_window(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
  if (network.window > 0) return network;
  network.window = kUsualWindow;
  network.notes.push_back(
      fmt::format("no file beside it states how many characters it reads (max_length): assuming {}", kUsualWindow));
  return network;
}

}  // namespace enxerto

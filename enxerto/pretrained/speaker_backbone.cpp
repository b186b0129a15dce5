#include "enxerto/pretrained/speaker_backbone.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/voice_preprocessor.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/recurrent/recurrent_cells.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/zoo/log_mel.h"
#include "enxerto/zoo/speaker_encoder.h"

namespace enxerto {
namespace {

constexpr std::int64_t kVoiceBands = 40;

Tensor one_direction(const Tensor& tensor) {
  Shape shape = tensor.shape();
  shape.insert(shape.begin(), 1);
  return tensor.reshaped(std::move(shape));
}

}  // namespace

bool is_speaker_encoder(const StateDict& file) {
  if (!file.contains("lstm.weight_ih_l0") || !file.contains("linear.weight") || !file.contains("linear.bias"))
    return false;
  const Shape& first = file.at("lstm.weight_ih_l0").shape();
  if (first.size() != 2 || first[1] != kVoiceBands) return false;
  for (const auto& [name, tensor] : file)
    if (!name.starts_with("lstm.") && !name.starts_with("linear.") && tensor.size() > 1) return false;
  return true;
}

StateDict speaker_parameters(const StateDict& tensors, SpeakerEncoderConfig& config, std::string_view where) {
  const StoredCells stored = torch_cells(tensors, where);
  StateDict parameters;
  config.layers = static_cast<std::int64_t>(stored.cells.size());
  config.hidden = stored.cells.back().hidden();
  config.width = tensors.at("linear.weight").shape().at(0);
  for (std::size_t i = 0; i < stored.cells.size(); ++i) {
    const RecurrentCell& cell = stored.cells[i];
    const bool fits = cell.op == "LSTM" && !cell.backward && cell.hidden() == config.hidden && cell.bias.size() > 0 &&
                      cell.features() == (i == 0 ? kVoiceBands : config.hidden);
    if (!fits)
      refuse_cell(where, cell.path,
                  fmt::format("{} of {} units on {} features", cell.op, cell.hidden(), cell.features()),
                  "LSTMs of one width with biases, one on top of the other");
    parameters.set(fmt::format("rnn.{}.weight", i), one_direction(cell.weight));
    parameters.set(fmt::format("rnn.{}.recurrent", i), one_direction(cell.recurrent));
    parameters.set(fmt::format("rnn.{}.bias", i), one_direction(cell.bias));
  }
  parameters.set("vector.weight", tensors.at("linear.weight"));
  parameters.set("vector.bias", tensors.at("linear.bias"));
  for (const auto& [name, tensor] : log_mel_parameters(config.mel)) parameters.set(name, tensor);
  return parameters;
}

Backbone speaker_backbone(const std::filesystem::path& file, const StateDict& tensors) {
  const std::string where = file.string();
  SpeakerEncoderConfig config;
  const StateDict parameters = speaker_parameters(tensors, config, where);
  Backbone backbone;
  backbone.graph = speaker_encoder(config).fill(parameters, where);
  require_sound(backbone.graph, parameters, where);
  backbone.spec.preprocessor = voice_preprocessor({}, where);
  backbone.spec.name = "resemblyzer";
  backbone.spec.architecture = "speaker_encoder";
  backbone.spec.source = "own";
  backbone.spec.naming = "resemblyzer";
  backbone.spec.file = file.filename().string();
  backbone.weights_file = where;
  backbone.sha256 = file_digests(file, false).sha256;
  std::vector<std::string> others;
  for (const auto& [name, tensor] : tensors)
    if (!name.starts_with("lstm.") && !name.starts_with("linear.")) others.push_back(name);
  if (!others.empty())
    backbone.notes.push_back(fmt::format("left out what is of the loss: {}", fmt::join(others, ", ")));
  return backbone;
}

}  // namespace enxerto

#include "enxerto/pretrained/recurrent/recurrent_weights.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/floating.h"
#include "enxerto/pretrained/foreign_head.h"
#include "enxerto/pretrained/recurrent/keras_layer_options.h"
#include "enxerto/pretrained/recurrent/recurrent_cells.h"

namespace enxerto {
namespace {

/// Of both directions as one tensor (directions, ..).
Tensor both_directions(const Tensor& first, const Tensor* second) {
  Shape shape = first.shape();
  shape.insert(shape.begin(), second == nullptr ? 1 : 2);
  TensorBuffer buffer(DType::f32, shape);
  std::memcpy(buffer.data(), first.data(), first.byte_size());
  if (second != nullptr) std::memcpy(buffer.data() + first.byte_size(), second->data(), second->byte_size());
  return std::move(buffer).freeze();
}

/// A layer of the file: its directions.
struct StoredLayer {
  const RecurrentCell *forward = nullptr, *backward = nullptr;
  std::int64_t width() const { return forward->hidden() * (backward == nullptr ? 1 : 2); }
};

class RecurrentReader {
 public:
  RecurrentReader(const StateDict& file, StoredCells stored, bool keras, std::string_view where)
      : file_(file), stored_(std::move(stored)), keras_(keras), where_(where) {}

  std::optional<RecurrentWeights> read() {
    const auto words = std::ranges::find_if(file_, [&](const StateDict::Entry& entry) { return is_words(entry); });
    if (words == file_.end()) return std::nullopt;
    found_.config.vocabulary = words->second.shape()[0];
    found_.config.embedding = words->second.shape()[1];
    found_.parameters.set("embeddings.word.weight", words->second);
    stored_.tensors.push_back(words->first);
    std::vector<StoredLayer> layers = stored_layers();
    for (std::int64_t width = found_.config.embedding; !layers.empty();) {
      const auto next =
          std::ranges::find_if(layers, [&](const StoredLayer& layer) { return layer.forward->features() == width; });
      if (next == layers.end())
        refuse_cell(where_, layers.front().forward->path,
                    fmt::format("takes {} features", layers.front().forward->features()),
                    fmt::format("{}, what is below it gives: layers on top of each other", width));
      add_layer(*next->forward, next->backward);
      width = next->width();
      layers.erase(next);
    }
    found_.config.name = name_of_network();
    leave_out_rest();
    return std::move(found_);
  }

 private:
  bool is_words(const StateDict::Entry& entry) const {
    const auto& [name, tensor] = entry;
    if (!is_floating(tensor.dtype()) || tensor.shape().size() != 2 || tensor.size() == 0) return false;
    if (std::ranges::find(stored_.tensors, name) != stored_.tensors.end()) return false;
    return keras_ ? name.ends_with("embeddings") : tensor.shape()[1] == stored_.cells.front().features();
  }

  /// In the order of the file.
  std::vector<StoredLayer> stored_layers() const {
    std::vector<StoredLayer> layers;
    for (const RecurrentCell& cell : stored_.cells) {
      auto layer = std::ranges::find_if(layers, [&](const StoredLayer& known) {
        return (known.forward != nullptr ? known.forward : known.backward)->path == cell.path;
      });
      if (layer == layers.end()) layer = layers.insert(layers.end(), StoredLayer{});
      (cell.backward ? layer->backward : layer->forward) = &cell;
    }
    for (const StoredLayer& layer : layers)
      if (layer.forward == nullptr)
        refuse_cell(where_, layer.backward->path, "only a backward direction", "both directions, or the forward one");
    return layers;
  }

  void add_layer(const RecurrentCell& cell, const RecurrentCell* back) {
    const bool fits =
        back == nullptr ||
        (back->weight.shape() == cell.weight.shape() && back->recurrent.shape() == cell.recurrent.shape() &&
         back->bias.shape() == cell.bias.shape() && back->op == cell.op && back->resets_after == cell.resets_after);
    if (!fits) refuse_cell(where_, back->path, "another size than the forward direction's", "two of one size");
    const std::string name = fmt::format("rnn.{}.", found_.config.layers.size());
    const auto add = [&](const char* part, const Tensor& one, const Tensor* other) {
      found_.parameters.set(name + part, both_directions(one, other));
    };
    add("weight", cell.weight, back == nullptr ? nullptr : &back->weight);
    add("recurrent", cell.recurrent, back == nullptr ? nullptr : &back->recurrent);
    const bool biases = cell.bias.size() > 0;
    if (biases) add("bias", cell.bias, back == nullptr ? nullptr : &back->bias);
    found_.config.layers.push_back({.op = cell.op,
                                    .hidden = cell.hidden(),
                                    .bidirectional = back != nullptr,
                                    .biases = biases,
                                    .resets_after = cell.resets_after});
  }

  /// "lstm", "bidirectional_gru".
  std::string name_of_network() const {
    const RecurrentLayer& last = found_.config.layers.back();
    std::string name = last.bidirectional ? "bidirectional_" : "";
    for (const char letter : last.op) name += static_cast<char>(letter - 'A' + 'a');
    return name;
  }

  void leave_out_rest() {
    std::vector<std::string> rest;
    for (const auto& [name, _] : file_)
      if (std::ranges::find(stored_.tensors, name) == stored_.tensors.end()) rest.push_back(name);
    if (rest.empty()) return;
    found_.left_out = layers_of(rest);
    found_.notes.push_back(fmt::format("left out what is not in the network: {}", fmt::join(rest, ", ")));
  }

  const StateDict& file_;
  StoredCells stored_;
  bool keras_;
  std::string_view where_;
  RecurrentWeights found_;
};

}  // namespace

std::optional<RecurrentWeights> recurrent_weights(const WeightFile& file, std::string_view where) {
  StoredCells stored = torch_cells(file.tensors, where);
  const bool keras = stored.cells.empty();
  if (keras) stored = keras_cells(file.tensors, where);
  if (stored.cells.empty()) return std::nullopt;
  const auto config = file.metadata.find("model_config");
  if (config != file.metadata.end()) require_usual_layers(config->second, where);
  std::optional<RecurrentWeights> found = RecurrentReader(file.tensors, std::move(stored), keras, where).read();
  if (found && keras && config == file.metadata.end())
    found->notes.emplace_back("the file does not state its activations: assuming tanh and sigmoid");
  return found;
}

}  // namespace enxerto

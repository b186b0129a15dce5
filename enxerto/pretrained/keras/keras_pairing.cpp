#include "enxerto/pretrained/keras/keras_pairing.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "enxerto/pretrained/keras/keras_layout.h"
#include "enxerto/pretrained/keras/keras_names.h"

namespace enxerto {
namespace {

using Order = std::vector<std::size_t>;

class Pairs {
 public:
  Pairs(const Blueprint& blueprint, const std::vector<WeightedKerasLayer>& ours, const std::vector<KerasStored>& stored)
      : ours_(ours), stored_(stored) {
    for (const ParameterSpec& spec : blueprint.parameters) wanted_.emplace(spec.name, &spec.shape);
  }

  KerasPairing by_name(const KerasFamily& family) const {
    std::unordered_map<std::string_view, std::size_t> endings;  // each path and what is behind each '/' of it
    for (std::size_t i = stored_.size(); i-- > 0;) {
      const std::string_view path = stored_[i].path;
      endings[path] = i;
      for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
        endings[path.substr(slash + 1)] = i;
    }
    KerasPairing pairing(ours_.size());
    for (std::size_t i = 0; i < ours_.size(); ++i) {
      const std::string name = family.name(ours_[i].ours);
      if (const auto found = endings.find(name); !name.empty() && found != endings.end()) pairing[i] = found->second;
    }
    add_classifier(pairing);
    return pairing;
  }

  /// The n-th of a class with the n-th; nothing where the numbers differ. Of dense layers there may be none.
  KerasPairing by_class(const Order& order_of_ours, const Order& order_of_stored) const {
    KerasPairing pairing(ours_.size());
    for (const KerasKind kind :
         {KerasKind::convolution, KerasKind::depthwise, KerasKind::dense, KerasKind::normalisation}) {
      Order mine, theirs;
      for (const std::size_t i : order_of_ours)
        if (ours_[i].kind == kind) mine.push_back(i);
      for (const std::size_t i : order_of_stored)
        if (stored_[i].kind == kind) theirs.push_back(i);
      if (mine.size() != theirs.size()) {
        if (kind == KerasKind::dense) continue;
        return KerasPairing(ours_.size());
      }
      for (std::size_t i = 0; i < mine.size(); ++i) pairing[mine[i]] = theirs[i];
    }
    return pairing;
  }

  bool has_all_but_dense(const KerasPairing& pairing) const {
    for (std::size_t i = 0; i < ours_.size(); ++i)
      if (!pairing[i] && ours_[i].kind != KerasKind::dense) return false;
    return true;
  }

  bool fits(const KerasPairing& pairing) const {
    if (!has_all_but_dense(pairing)) return false;
    for (std::size_t i = 0; i < ours_.size(); ++i)
      if (pairing[i] && ours_[i].kind != KerasKind::dense && !fits(ours_[i], stored_[*pairing[i]])) return false;
    return true;
  }

  Order all_stored() const {
    Order order(stored_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
  }

  /// By the number behind their names: "conv2d", "conv2d_1", .. "conv2d_10".
  Order stored_by_number() const {
    Order order = all_stored();
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(number_of(stored_[a]), a) < std::pair(number_of(stored_[b]), b);
    });
    return order;
  }

 private:
  static long number_of(const KerasStored& layer) {
    const std::string_view path = layer.path;
    const std::size_t underscore = path.rfind('_');
    long number = -1;
    if (underscore == std::string_view::npos) return number;
    const auto [after, error] = std::from_chars(path.data() + underscore + 1, path.data() + path.size(), number);
    return error == std::errc() && after == path.data() + path.size() ? number : -1;
  }

  bool fits(const WeightedKerasLayer& layer, const KerasStored& stored) const {
    for (const StateDict::Entry* entry : stored.variables) {
      const std::string_view variable = torch_variable(keras_variable(entry->first));
      const auto wanted = wanted_.find(layer.ours + "." + std::string(variable));
      if (wanted == wanted_.end()) return false;
      const Shape& shape = entry->second.shape();
      if ((variable == "weight" ? kernel_shape_from_keras(shape, layer) : shape) != *wanted->second) return false;
    }
    return true;
  }

  /// keras.applications has called it "fc1000", "probs", "Logits" and "predictions"; people call theirs as they like.
  void add_classifier(KerasPairing& pairing) const {
    std::optional<std::size_t> classifier, found;
    for (std::size_t i = 0; i < ours_.size(); ++i)
      if (ours_[i].kind == KerasKind::dense) classifier = i;
    if (!classifier || pairing[*classifier]) return;
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      if (stored_[i].kind != KerasKind::dense || std::ranges::find(pairing, i) != pairing.end()) continue;
      if (found) return;
      found = i;
    }
    if (!found) return;
    const Shape& wanted = *wanted_.at(ours_[*classifier].ours + ".weight");
    if (stored_[*found].kernel()->shape()[0] == wanted[1]) pairing[*classifier] = found;
  }

  const std::vector<WeightedKerasLayer>& ours_;
  const std::vector<KerasStored>& stored_;
  std::unordered_map<std::string, const Shape*> wanted_;
};

}  // namespace

KerasPairing pair_with_keras(const Blueprint& blueprint, const std::vector<WeightedKerasLayer>& ours,
                             const std::vector<KerasStored>& stored) {
  const KerasFamily* const family = keras_family(blueprint.graph.name);
  if (family == nullptr) return KerasPairing(ours.size());
  const Pairs pairs(blueprint, ours, stored);
  KerasPairing named = pairs.by_name(*family);
  if (pairs.has_all_but_dense(named)) return named;

  Order made(ours.size());
  std::iota(made.begin(), made.end(), std::size_t{0});
  KerasPairing numbered = pairs.by_class(made, pairs.stored_by_number());
  if (pairs.fits(numbered)) return numbered;
  KerasPairing listed = pairs.by_class(keras_model_order(blueprint, ours), pairs.all_stored());
  if (pairs.fits(listed)) return listed;
  return named;
}

}  // namespace enxerto

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/pretrained/recurrent/recurrent_cells.h"

namespace enxerto {
namespace {

/// "rnns.0.module.weight_ih_l0_reverse" taken apart.
struct TorchName {
  std::string module;     ///< "rnns.0"
  std::string_view kind;  ///< "weight_ih"
  std::string layer;      ///< "0"
  bool reverse = false, raw = false;
};

constexpr std::array<std::string_view, 5> kKinds{"weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"};

bool cut_off(std::string_view& text, std::string_view ending) {
  const bool there = text.ends_with(ending);
  if (there) text.remove_suffix(ending.size());
  return there;
}

std::optional<TorchName> torch_name(std::string_view name) {
  const std::size_t point = name.rfind('.');
  std::string_view module = point == std::string_view::npos ? std::string_view() : name.substr(0, point);
  std::string_view last = name.substr(point + 1);
  cut_off(module, ".module");  // what fastai wraps for weight drop
  TorchName found;
  found.module = module;
  found.raw = cut_off(last, "_raw");
  found.reverse = cut_off(last, "_reverse");
  for (const std::string_view kind : kKinds) {
    if (!last.starts_with(kind) || !last.substr(kind.size()).starts_with("_l")) continue;
    found.kind = kind;
    found.layer = last.substr(kind.size() + 2);
  }
  const bool numbered = !found.layer.empty() && std::ranges::all_of(found.layer, [](unsigned char letter) {
    return std::isdigit(letter) != 0;
  });
  return numbered ? std::optional(std::move(found)) : std::nullopt;
}

/// The tensors of one direction of a layer, by kind.
using Parts = std::map<std::string_view, const Tensor*>;

RecurrentCell cell_of(const std::string& path, const Parts& parts, bool reverse, std::string_view where) {
  const auto part = [&](std::string_view kind) -> const Tensor* {
    const auto found = parts.find(kind);
    return found == parts.end() ? nullptr : found->second;
  };
  const Tensor *const weight = part("weight_ih"), *const recurrent = part("weight_hh");
  if (part("weight_hr") != nullptr)
    refuse_cell(where, path, "a projection of its states (weight_hr)", "an LSTM without");
  if (weight == nullptr || recurrent == nullptr)
    refuse_cell(where, path, fmt::format("no {}", weight == nullptr ? "weight_ih" : "weight_hh"),
                "weight_ih and weight_hh");
  if (weight->shape().size() != 2 || recurrent->shape().size() != 2 || recurrent->shape()[1] < 1 ||
      recurrent->shape()[0] % recurrent->shape()[1] != 0 || weight->shape()[0] != recurrent->shape()[0])
    refuse_cell(where, path,
                fmt::format("weight_ih {} and weight_hh {}", to_string(weight->shape()), to_string(recurrent->shape())),
                "(gates * hidden, features) and (gates * hidden, hidden)");
  const std::int64_t hidden = recurrent->shape()[1], rows = recurrent->shape()[0];
  RecurrentCell cell{.path = path, .op = std::string(recurrent_operator(rows / hidden)), .backward = reverse};
  if (cell.op.empty()) refuse_cell(where, path, fmt::format("{} gates", rows / hidden), "4 (LSTM), 3 (GRU) or 1 (RNN)");
  cell.weight = gates_from_torch(*weight, cell.op, hidden);
  cell.recurrent = gates_from_torch(*recurrent, cell.op, hidden);
  const Tensor *const first = part("bias_ih"), *const second = part("bias_hh");
  if (first == nullptr && second == nullptr) return cell;
  TensorBuffer bias(DType::f32, {2 * rows});
  for (const auto& [half, tensor] : {std::pair(0, first), std::pair(1, second)}) {
    if (tensor == nullptr || tensor->shape() != Shape{rows})
      refuse_cell(where, path, fmt::format("bias {}", tensor == nullptr ? "missing" : to_string(tensor->shape())),
                  fmt::format("bias_ih and bias_hh of {}", rows));
    const Tensor ordered = gates_from_torch(*tensor, cell.op, hidden);
    std::memcpy(bias.data() + to_size(half) * ordered.byte_size(), ordered.data(), ordered.byte_size());
  }
  cell.bias = std::move(bias).freeze();
  return cell;
}

}  // namespace

std::string_view recurrent_operator(std::int64_t gates) {
  return gates == 4 ? "LSTM" : gates == 3 ? "GRU" : gates == 1 ? "RNN" : "";
}

Tensor gates_from_torch(const Tensor& tensor, std::string_view op, std::int64_t hidden) {
  const std::array<std::int64_t, 4> order = op == "LSTM"  ? std::array<std::int64_t, 4>{0, 3, 1, 2}
                                            : op == "GRU" ? std::array<std::int64_t, 4>{1, 0, 2}
                                                          : std::array<std::int64_t, 4>{};
  const Tensor from = tensor.to_float32();
  const auto gates = to_size(from.shape().at(0) / hidden);
  const std::size_t block = from.byte_size() / gates;
  TensorBuffer buffer(DType::f32, from.shape());
  for (std::size_t i = 0; i < gates; ++i)
    std::memcpy(buffer.data() + i * block, from.data() + to_size(order.at(i)) * block, block);
  return std::move(buffer).freeze();
}

void refuse_cell(std::string_view where, std::string_view path, std::string found, std::string expected) {
  throw weights_error(fmt::format("{}: the recurrent layer '{}'", where, as_utf8(path)), std::move(found),
                      std::move(expected));
}

StoredCells torch_cells(const StateDict& file, std::string_view where) {
  struct Direction {
    std::string path;
    bool reverse;
    Parts parts = {};
  };
  std::vector<Direction> directions;  // in the order of the file
  StoredCells stored;
  for (const auto& [name, tensor] : file) {
    const std::optional<TorchName> parsed = torch_name(name);
    if (!parsed) continue;
    stored.tensors.push_back(name);
    const std::string path = fmt::format("{}{}l{}", parsed->module, parsed->module.empty() ? "" : " ", parsed->layer);
    auto found = std::ranges::find_if(
        directions, [&](const Direction& known) { return known.path == path && known.reverse == parsed->reverse; });
    if (found == directions.end()) found = directions.insert(directions.end(), {path, parsed->reverse});
    // Beside its raw weights fastai keeps those that the last drop has left.
    if (parsed->raw || !found->parts.contains(parsed->kind)) found->parts[parsed->kind] = &tensor;
  }
  for (const Direction& one : directions) stored.cells.push_back(cell_of(one.path, one.parts, one.reverse, where));
  return stored;
}

}  // namespace enxerto

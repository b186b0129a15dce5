#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/pretrained/recurrent/recurrent_cells.h"
#include "enxerto/pretrained/turned_matrix.h"

namespace enxerto {
namespace {

/// The variables of a cell.
struct KerasCell {
  const Tensor *kernel = nullptr, *recurrent = nullptr, *bias = nullptr;
};

/// CuDNN's: each gate's block of columns is the matrix (hidden, features) itself, row after row.
Tensor gates_of_cudnn(const Tensor& tensor, std::int64_t hidden) {
  const Tensor from = tensor.to_float32();
  const auto rows = to_size(from.shape()[0]), columns = to_size(from.shape()[1]), width = to_size(hidden);
  TensorBuffer buffer(DType::f32, {from.shape()[1], from.shape()[0]});
  const auto in = from.as<float>();
  float* out = buffer.as<float>().data();
  for (std::size_t gate = 0; gate < columns / width; ++gate)
    for (std::size_t row = 0; row < rows; ++row, out += width)
      std::copy_n(in.data() + row * columns + gate * width, width, out);
  return std::move(buffer).freeze();
}

/// Keras has an LSTM's gates where PyTorch has them, and a GRU's where ONNX has them.
Tensor ordered(const Tensor& rows, std::string_view op, std::int64_t hidden) {
  return op == "LSTM" ? gates_from_torch(rows, op, hidden) : rows;
}

/// As many numbers twice, input side and state side; Keras's own layers have the second alone where a GRU resets after
/// its product, CuDNN's always.
Tensor both_biases(const Tensor& bias, std::string_view op, std::int64_t hidden, std::int64_t rows) {
  TensorBuffer buffer(DType::f32, {2 * rows});
  std::ranges::fill(buffer.as<float>(), 0.0F);
  const Tensor values = bias.to_float32();
  const std::int64_t halves = static_cast<std::int64_t>(values.size()) / rows;
  const Tensor flat = values.reshaped({halves, rows});
  for (std::int64_t half = 0; half < halves; ++half) {
    const Tensor one = ordered(flat.rows(half, half + 1).reshaped({rows}), op, hidden);
    std::memcpy(buffer.data() + to_size(half) * one.byte_size(), one.data(), one.byte_size());
  }
  return std::move(buffer).freeze();
}

/// Whether it is the backward direction of a Bidirectional; its path becomes that of the forward one.
bool is_backward(std::string& path) {
  constexpr std::string_view kBackward = "backward_";
  const std::size_t inside = path.find("/" + std::string(kBackward));
  if (inside == std::string::npos && !path.starts_with(kBackward)) return false;
  path.replace(inside == std::string::npos ? 0 : inside + 1, kBackward.size(), "forward_");
  return true;
}

RecurrentCell cell_of(const std::string& path, const KerasCell& stored, std::string_view where) {
  const Shape &kernel = stored.kernel->shape(), &recurrent = stored.recurrent->shape();
  if (kernel.size() != 2 || recurrent.size() != 2 || recurrent[0] < 1 || recurrent[1] % recurrent[0] != 0 ||
      kernel[1] != recurrent[1])
    refuse_cell(where, path, fmt::format("kernel {} and recurrent_kernel {}", to_string(kernel), to_string(recurrent)),
                "(features, gates * hidden) and (hidden, gates * hidden)");
  const std::int64_t hidden = recurrent[0], rows = recurrent[1];
  RecurrentCell cell{.path = path, .op = std::string(recurrent_operator(rows / hidden))};
  cell.backward = is_backward(cell.path);
  if (cell.op.empty()) refuse_cell(where, path, fmt::format("{} gates", rows / hidden), "4 (LSTM), 3 (GRU) or 1 (RNN)");
  const Tensor* const bias = stored.bias;
  const auto numbers = bias == nullptr ? 0 : static_cast<std::int64_t>(bias->size());
  if (bias != nullptr && numbers != rows && numbers != 2 * rows)
    refuse_cell(where, path, fmt::format("bias {}", to_string(bias->shape())),
                fmt::format("({}), or twice as many", rows));
  const bool cudnn = bias != nullptr && bias->shape().size() == 1 && numbers == 2 * rows;
  cell.resets_after = bias == nullptr || numbers == 2 * rows;
  cell.weight =
      ordered(cudnn ? gates_of_cudnn(*stored.kernel, hidden) : turned_matrix(stored.kernel->to_float32()), cell.op, hidden);
  cell.recurrent =
      ordered(cudnn ? gates_of_cudnn(*stored.recurrent, hidden) : turned_matrix(stored.recurrent->to_float32()), cell.op, hidden);
  if (bias != nullptr) cell.bias = both_biases(*bias, cell.op, hidden, rows);
  return cell;
}

}  // namespace

StoredCells keras_cells(const StateDict& file, std::string_view where) {
  std::vector<std::pair<std::string, KerasCell>> cells;
  std::map<std::string, std::vector<std::string>, std::less<>> names;
  for (const auto& [name, tensor] : file) {
    const std::size_t slash = name.rfind('/');
    if (slash == std::string::npos) continue;
    const std::string path = name.substr(0, slash), variable = name.substr(slash + 1);
    auto cell = std::ranges::find(cells, path, [](const auto& entry) { return entry.first; });
    if (cell == cells.end()) cell = cells.insert(cells.end(), {path, KerasCell{}});
    if (variable == "kernel") cell->second.kernel = &tensor;
    if (variable == "recurrent_kernel") cell->second.recurrent = &tensor;
    if (variable == "bias") cell->second.bias = &tensor;
    names[path].push_back(name);
  }
  StoredCells stored;
  for (const auto& [path, cell] : cells) {
    if (cell.recurrent == nullptr) continue;
    if (cell.kernel == nullptr) refuse_cell(where, path, "no kernel", "kernel and recurrent_kernel");
    stored.cells.push_back(cell_of(path, cell, where));
    stored.tensors.insert(stored.tensors.end(), names[path].begin(), names[path].end());
  }
  return stored;
}

}  // namespace enxerto

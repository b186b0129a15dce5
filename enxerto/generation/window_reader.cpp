#include "enxerto/generation/window_reader.h"

#include <algorithm>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/zoo/recurrent_network.h"

namespace enxerto {

WindowReader::WindowReader(const WindowNetwork& network, const ExecutorOptions& options)
    : network_(compile(network.graph, options)), window_(network.window), filler_(network.filler) {}

Tensor WindowReader::read(std::span<const std::int64_t> tokens, std::span<const std::int32_t> from) {
  const std::size_t columns = tokens.size() / from.size(), window = to_size(window_);
  std::vector<std::vector<std::int64_t>> rows;
  std::vector<std::int64_t> ids;
  for (std::size_t row = 0; row < from.size(); ++row) {
    std::vector<std::int64_t> text = rows_.empty() ? std::vector<std::int64_t>{} : rows_.at(to_size(from[row]));
    const auto more = tokens.subspan(row * columns, columns);
    text.insert(text.end(), more.begin(), more.end());
    if (text.size() > window) text.erase(text.begin(), text.end() - static_cast<std::ptrdiff_t>(window));
    ids.insert(ids.end(), window - text.size(), filler_);
    ids.insert(ids.end(), text.begin(), text.end());
    rows.push_back(std::move(text));
  }
  rows_ = std::move(rows);
  const Shape shape{static_cast<std::int64_t>(from.size()), window_};
  TensorMap inputs;
  inputs.set(std::string(kTokenIds), Tensor::of<std::int64_t>(shape, ids));
  inputs.set(std::string(kAttentionMask), Tensor::of<std::int64_t>(shape, std::vector<std::int64_t>(ids.size(), 1)));
  return network_->run(inputs).at(kScoredWords);
}

}  // namespace enxerto

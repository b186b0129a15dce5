#include "enxerto/generation/decoder.h"

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/generation/scoring_network.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/language_model_head.h"

namespace enxerto {
namespace {

Tensor ones(std::int64_t rows, std::int64_t columns) {
  const std::vector<std::int64_t> values(to_size(rows * columns), 1);
  return Tensor::of<std::int64_t>({rows, columns}, values);
}

Tensor counted_from(std::int64_t first, std::int64_t rows, std::int64_t columns) {
  std::vector<std::int64_t> values;
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t i = 0; i < columns; ++i) values.push_back(first + i);
  return Tensor::of<std::int64_t>({rows, columns}, values);
}

}  // namespace

Decoder::Decoder(CachedNetwork network, const ExecutorOptions& options)
    : attends_(network.attends),
      words_(network.graph.outputs.front().shape.back().size),
      network_(compile_stateful(network.graph, network.states, options)) {
  begin();
}

void Decoder::begin() {
  sequence_ = network_->begin();
  length_ = 0;
}

Tensor Decoder::read(std::span<const std::int64_t> tokens, std::span<const std::int32_t> from) {
  const auto rows = static_cast<std::int64_t>(from.size());
  if (rows == 0 || tokens.empty() || tokens.size() % from.size() != 0)
    throw data_error("tokens", "no tokens, or rows of different lengths", "as many tokens in each row");
  const auto columns = static_cast<std::int64_t>(tokens.size()) / rows;
  TensorMap inputs;
  inputs.set(std::string(kTokenIds), Tensor::of<std::int64_t>({rows, columns}, tokens));
  inputs.set(std::string(kAttentionMask), ones(rows, columns + (attends_ ? length_ : 0)));
  if (attends_) inputs.set(kPositionIds, counted_from(length_, rows, columns));
  Tensor scores = sequence_->step(inputs, from).at(kScores);
  length_ += columns;
  return scores;
}

}  // namespace enxerto

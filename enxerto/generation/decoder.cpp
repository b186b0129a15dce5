#include "enxerto/generation/decoder.h"

#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/generation/scoring_network.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/language_model_head.h"

namespace enxerto {
namespace {

/// 1 for each token, 0 for the blank ones in front.
Tensor mask_of(std::span<const std::int64_t> blanks, std::int64_t columns) {
  std::vector<std::int64_t> values;
  for (const std::int64_t blank : blanks)
    for (std::int64_t i = 0; i < columns; ++i) values.push_back(i < blank ? 0 : 1);
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(blanks.size()), columns}, values);
}

/// Of columns from `first` on, without the blank ones.
Tensor positions_of(std::span<const std::int64_t> blanks, std::int64_t first, std::int64_t columns) {
  std::vector<std::int64_t> values;
  for (const std::int64_t blank : blanks)
    for (std::int64_t i = first; i < first + columns; ++i) values.push_back(std::max<std::int64_t>(i - blank, 0));
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(blanks.size()), columns}, values);
}

}  // namespace

Decoder::Decoder(CachedNetwork network, const ExecutorOptions& options)
    : attends_(network.attends),
      words_(network.graph.outputs.front().shape.back().size),
      network_(compile_stateful(network.graph, network.states, options)) {
  begin();
}

Decoder::Decoder(const WindowNetwork& network, const ExecutorOptions& options)
    : attends_(false),
      words_(network.graph.outputs.front().shape.back().size),
      window_(std::make_unique<WindowReader>(network, options)) {}

void Decoder::begin(std::vector<std::int64_t> blanks) {
  if (window_)
    window_->begin();
  else
    sequence_ = network_->begin();
  length_ = 0;
  blanks_ = std::move(blanks);
}

Tensor Decoder::read(std::span<const std::int64_t> tokens, std::span<const std::int32_t> from) {
  const auto rows = static_cast<std::int64_t>(from.size());
  if (rows == 0 || tokens.empty() || tokens.size() % from.size() != 0)
    throw data_error("tokens", "no tokens, or rows of different lengths", "as many tokens in each row");
  const auto columns = static_cast<std::int64_t>(tokens.size()) / rows;
  if (window_) {
    length_ += columns;
    return window_->read(tokens, from);
  }
  std::vector<std::int64_t> blanks(from.size(), 0);
  for (std::size_t row = 0; row < from.size() && !blanks_.empty(); ++row)
    blanks[row] = blanks_.at(length_ == 0 ? row : to_size(from[row]));
  blanks_ = std::move(blanks);
  TensorMap inputs;
  inputs.set(std::string(kTokenIds), Tensor::of<std::int64_t>({rows, columns}, tokens));
  inputs.set(std::string(kAttentionMask), mask_of(blanks_, columns + (attends_ ? length_ : 0)));
  if (attends_) inputs.set(kPositionIds, positions_of(blanks_, length_, columns));
  Tensor scores = sequence_->step(inputs, from).at(kScores);
  length_ += columns;
  return scores;
}

}  // namespace enxerto

#include "enxerto/generation/translation_decoder.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/generation/scoring_network.h"
#include "enxerto/zoo/translation_input.h"

namespace enxerto {
namespace {

/// The rows of these numbers.
Tensor chosen_rows(const Tensor& tensor, std::span<const std::int32_t> numbers) {
  Shape shape = tensor.shape();
  const std::size_t row = tensor.byte_size() / to_size(shape.front());
  shape.front() = static_cast<std::int64_t>(numbers.size());
  TensorBuffer buffer(tensor.dtype(), shape);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    std::memcpy(buffer.data() + i * row, tensor.data() + to_size(numbers[i]) * row, row);
  return std::move(buffer).freeze();
}

/// The numbers `first` to `end` - 1 in each row.
Tensor numbered(std::int64_t rows, std::int64_t first, std::int64_t end) {
  std::vector<std::int64_t> values;
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t i = first; i < end; ++i) values.push_back(i);
  return Tensor::of<std::int64_t>({rows, end - first}, values);
}

}  // namespace

TranslationDecoder::TranslationDecoder(const TranslationParts& parts, const ExecutorOptions& options)
    : memory_(compile(parts.memory, options)),
      step_(compile_stateful(parts.step.graph, parts.step.states, options)),
      bytes_per_word_(parts.step.bytes_per_token),
      bytes_at_once_(parts.step.bytes_at_once),
      words_(parts.step.graph.outputs.front().shape.back().size) {
  for (const Value& output : parts.memory.outputs) {
    std::int64_t bytes = static_cast<std::int64_t>(size_of(output.dtype));
    for (const Dim& dim : output.shape)
      if (!dim.is_symbolic()) bytes *= dim.size;
    bytes_per_source_token_ += bytes;
  }
}

std::uint64_t TranslationDecoder::bytes_kept(std::int64_t words, std::int64_t source_tokens, std::int64_t rows) const {
  constexpr std::uint64_t kScoresAtOnce = 3;  // from the engine, changed, and as log-probabilities
  const std::int64_t states = bytes_at_once_ + words * bytes_per_word_;
  const std::uint64_t scores = kScoresAtOnce * static_cast<std::uint64_t>(words_) * sizeof(float);
  return static_cast<std::uint64_t>(rows) *
         (static_cast<std::uint64_t>(states + source_tokens * bytes_per_source_token_) + scores);
}

void TranslationDecoder::begin(const TensorMap& sources) {
  sources_ = memory_->run(sources);
  sequence_ = step_->begin();
  row_sources_.clear();
  length_ = 0;
}

Tensor TranslationDecoder::step(std::span<const std::int64_t> words, std::span<const std::int32_t> from,
                                std::span<const std::int32_t> source) {
  if (!std::ranges::equal(source, row_sources_)) {
    row_sources_.assign(source.begin(), source.end());
    rows_ = {};
    for (const auto& [name, tensor] : sources_) rows_.set(name, chosen_rows(tensor, source));
  }
  const auto rows = static_cast<std::int64_t>(words.size());
  TensorMap inputs = rows_;
  inputs.set(kDecoderIds, Tensor::of<std::int64_t>({rows, 1}, words));
  inputs.set(kPositionIds, numbered(rows, length_, length_ + 1));
  inputs.set(kKeyPositions, numbered(rows, 0, length_ + 1));
  ++length_;
  return sequence_->step(inputs, from).at(kScores);
}

}  // namespace enxerto

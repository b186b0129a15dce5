#include "enxerto/generation/transcriber.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/zoo/whisper.h"

namespace enxerto {
namespace {

constexpr std::size_t kPartsAtOnce = 4;
constexpr const char* kSamples = "samples";

/// (parts, samples), silence behind what is shorter.
TensorMap heard(std::span<const std::vector<float>> recordings,
                std::span<const std::pair<std::size_t, std::size_t>> parts, std::int64_t samples) {
  TensorBuffer buffer(DType::f32, {std::ssize(parts), samples});
  std::ranges::fill(buffer.as<float>(), 0.0F);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [recording, begin] = parts[i];
    const std::span<const float> all = recordings[recording];
    const std::span<const float> part = all.subspan(begin, std::min(all.size() - begin, to_size(samples)));
    std::ranges::copy(part, buffer.as<float>().begin() + static_cast<std::ptrdiff_t>(i * to_size(samples)));
  }
  TensorMap inputs;
  inputs.set(kSamples, std::move(buffer).freeze());
  return inputs;
}

/// The front end without what only passes through it to the decoder.
Graph of_sound(Graph prefix) {
  std::erase_if(prefix.outputs, [&](const Value& output) {
    return std::ranges::find(prefix.inputs, output.name, &Value::name) != prefix.inputs.end();
  });
  std::erase_if(prefix.inputs, [](const Value& input) { return input.name != kSamples; });
  return prefix;
}

ExecutorOptions in_fp32(ExecutorOptions options) {
  options.precision = Precision::fp32;
  return options;
}

std::string without_outer_blanks(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

}  // namespace

Transcriber::Transcriber(TranscriptionNetwork network, const ExecutorOptions& options)
    : Transcriber(network, cut(network.graph, kEncoderStage), options) {}

Transcriber::Transcriber(TranscriptionNetwork& network, const Halves& halves, const ExecutorOptions& options)
    : network_(std::move(network)),
      front_(compile(of_sound(halves.prefix), in_fp32(options))),
      decoder_(translation_parts(halves.suffix), options) {}

std::int64_t Transcriber::most_probable(std::span<float> scores, bool first) const {
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  for (const std::int64_t token : network_.never) scores[to_size(token)] = kNever;
  if (first)
    for (const std::int64_t token : network_.never_first) scores[to_size(token)] = kNever;
  return std::ranges::max_element(scores) - scores.begin();
}

void Transcriber::write(std::span<Part> parts, std::span<const std::vector<float>> recordings, Progress& progress) {
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (const Part& part : parts) places.emplace_back(part.recording, part.begin);
  decoder_.begin(front_->run(heard(recordings, places, network_.samples)));
  const auto prompt = std::ssize(network_.prompt);
  std::vector<std::int32_t> from(parts.size()), source(parts.size());
  std::iota(from.begin(), from.end(), 0);
  std::iota(source.begin(), source.end(), 0);
  std::vector<std::int64_t> words(parts.size(), network_.prompt.front());
  for (std::int64_t length = 1; length < network_.longest && !words.empty(); ++length) {
    throw_if_cancelled(progress);
    const Tensor scores = decoder_.step(words, from, source);
    if (length < prompt) {
      words.assign(words.size(), network_.prompt[to_size(length)]);
      continue;
    }
    std::vector<std::int64_t> next;
    std::vector<std::int32_t> rows, sources;
    const auto width = to_size(decoder_.words());
    for (std::size_t row = 0; row < words.size(); ++row) {
      std::vector<float> of_row(scores.as<float>().begin() + static_cast<std::ptrdiff_t>(row * width),
                                scores.as<float>().begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
      Part& part = parts[to_size(source[row])];
      const std::int64_t token = most_probable(of_row, length == prompt);
      part.ended = token == network_.end;
      if (part.ended) continue;
      part.tokens.push_back(token);
      next.push_back(token);
      rows.push_back(static_cast<std::int32_t>(row));
      sources.push_back(source[row]);
    }
    words = std::move(next), from = std::move(rows), source = std::move(sources);
  }
}

std::vector<Transcription> Transcriber::transcribe(std::span<const std::vector<float>> recordings, Progress& progress) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < recordings.size(); ++i)
    for (std::size_t begin = 0; begin < recordings[i].size(); begin += to_size(network_.samples))
      parts.push_back({.recording = i, .begin = begin});
  for (std::size_t begin = 0; begin < parts.size(); begin += kPartsAtOnce)
    write(std::span(parts).subspan(begin, std::min(kPartsAtOnce, parts.size() - begin)), recordings, progress);
  std::vector<Transcription> found(recordings.size());
  for (const Part& part : parts) {
    Transcription& whole = found[part.recording];
    const std::vector<std::uint32_t> ids(part.tokens.begin(), part.tokens.end());
    const std::string text = without_outer_blanks(network_.tokenizer->decode(ids));
    if (!text.empty()) whole.text += (whole.text.empty() ? "" : " ") + text;
    whole.tokens.insert(whole.tokens.end(), part.tokens.begin(), part.tokens.end());
    whole.ended = whole.ended && part.ended;
    ++whole.parts;
  }
  return found;
}

}  // namespace enxerto

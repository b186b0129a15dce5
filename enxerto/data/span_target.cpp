#include "enxerto/data/span_target.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// Rows of the map, (field, begin, end) of each token.
struct TokenPlaces {
  std::span<const float> map;

  std::size_t size() const { return map.size() / 3; }
  std::int64_t field(std::size_t token) const { return static_cast<std::int64_t>(map[token * 3]); }
  std::int64_t begin(std::size_t token) const { return static_cast<std::int64_t>(map[token * 3 + 1]); }
  std::int64_t end(std::size_t token) const { return static_cast<std::int64_t>(map[token * 3 + 2]); }
};

/// The first token of the last field that the window has anything of, and the one behind its last.
ByteSpan tokens_of_last_field(const TokenPlaces& places) {
  std::int64_t last_field = 0;
  for (std::size_t token = 0; token < places.size(); ++token) last_field = std::max(last_field, places.field(token));
  ByteSpan tokens{-1, -1};
  for (std::size_t token = 0; token < places.size(); ++token) {
    if (places.field(token) != last_field) continue;
    if (tokens.begin < 0) tokens.begin = static_cast<std::int64_t>(token);
    tokens.end = static_cast<std::int64_t>(token) + 1;
  }
  return tokens;
}

}  // namespace

std::vector<std::string> span_names(bool some_have_none) {
  if (some_have_none) return {"answer", "no answer"};
  return {"answer"};
}

Tensor span_target(std::span<const ByteSpan> answers) {
  std::vector<std::int64_t> numbers;
  for (const ByteSpan& answer : answers) numbers.insert(numbers.end(), {answer.begin, answer.end});
  if (numbers.empty()) numbers = {-1, -1};
  const auto rows = static_cast<std::int64_t>(numbers.size() / 2);
  return Tensor::of<std::int64_t>({rows, 2}, std::span<const std::int64_t>(numbers));
}

std::vector<ByteSpan> spans_of(const Tensor& target) {
  std::vector<ByteSpan> answers;
  const auto numbers = target.as<std::int64_t>();
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
    if (numbers[i] >= 0) answers.push_back({numbers[i], numbers[i + 1]});
  return answers;
}

Tensor placed_span(const Tensor& target, const Tensor& map) {
  const std::vector<ByteSpan> answers = spans_of(target);
  const TokenPlaces places{map.as<float>()};
  const ByteSpan tokens = tokens_of_last_field(places);
  std::vector<std::int64_t> found{0, 0};
  const bool inside = !answers.empty() && tokens.begin >= 0 &&
                      places.begin(to_size(tokens.begin)) <= answers.front().begin &&
                      places.end(to_size(tokens.end - 1)) >= answers.front().end;
  if (inside) {
    std::int64_t first = tokens.end - 1, last = tokens.begin;
    while (first > tokens.begin && places.begin(to_size(first)) > answers.front().begin) --first;
    while (last + 1 < tokens.end && places.end(to_size(last)) < answers.front().end) ++last;
    found = {first, last};
  }
  return Tensor::of<std::int64_t>({2}, std::span<const std::int64_t>(found));
}

std::string_view text_in(const Field& field) {
  const std::span<const std::byte> bytes = field.bytes.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string span_words(const Tensor& target, std::span<const Field> fields) {
  const std::vector<ByteSpan> answers = spans_of(target);
  if (answers.empty()) return "no answer";
  const std::string_view text = text_in(fields.back());
  const std::size_t begin = std::min(to_size(answers.front().begin), text.size());
  return fmt::format("'{}'", text.substr(begin, to_size(answers.front().end) - begin));
}

}  // namespace enxerto

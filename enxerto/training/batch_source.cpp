#include "enxerto/training/batch_source.h"

#include <algorithm>
#include <string>

#include "enxerto/base/error.h"

namespace enxerto {

std::vector<std::size_t> lengths_of(const BatchSource& source) {
  std::vector<std::size_t> lengths(source.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = source.length(i);
  if (std::ranges::all_of(lengths, [](std::size_t length) { return length == 0; })) lengths.clear();
  return lengths;
}

std::vector<std::size_t> tokens_of(const BatchSource& source, std::string_view where) {
  std::vector<std::size_t> tokens(source.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = source.tokens(i);
  if (!tokens.empty() && std::ranges::all_of(tokens, [](std::size_t count) { return count == 0; }))
    throw usage_error(std::string(where) + ": batch_tokens",
                      "has no effect: what is trained takes features of one size", "",
                      "leave it out, or use batch_size");
  return tokens;
}

std::vector<std::size_t> batch_lengths(const BatchSource& source, std::int64_t batch_tokens, std::string_view where) {
  return batch_tokens > 0 ? tokens_of(source, where) : lengths_of(source);
}

}  // namespace enxerto

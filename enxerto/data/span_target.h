#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// A stretch of an example's last field: from byte `begin` to before byte `end`.
struct ByteSpan {
  std::int64_t begin = 0, end = 0;
  bool operator==(const ByteSpan&) const = default;
};

/// The names of data whose every question has an answer, as SQuAD 1.1's, and of those where some have none, as 2.0's.
std::vector<std::string> span_names(bool some_have_none);

/// A target of the kind `spans`: (answers, 2) of int64, begin and end of each; of an example without an answer one row
/// of -1.
Tensor span_target(std::span<const ByteSpan> answers);

/// The opposite; empty where there is no answer.
std::vector<ByteSpan> spans_of(const Tensor& target);

/// The target of one window: (2) of int64, its first and last token of the first answer, counted from 0: the last token
/// that begins at or before it, and the first that ends at or behind it, among those of the last field. 0 and 0, the
/// token that begins every window, where the answer is not wholly inside, or there is none. That is how transformers'
/// run_qa.py labels windows. `map` is (tokens, 3), the `Alignment::map` of texts.
Tensor placed_span(const Tensor& target, const Tensor& map);

/// "'Denver Broncos'", "no answer".
std::string span_words(const Tensor& target, std::span<const Field> fields);

/// The text of a field.
std::string_view text_in(const Field& field);

}  // namespace enxerto

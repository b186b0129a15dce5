#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "idle_options.h"
#include "word_search.h"

namespace enxerto::cli {

/// What is asked of `predict`.
struct PredictOptions {
  std::string model, precision = "as-trained", on_bad = "error", format = "text", draw, masks, labels, labels_form, ids,
                     language, images;
  std::vector<std::string> files;
  int threads = 0;
  bool no_cache = false;
  std::optional<std::size_t> top;
  std::optional<double> threshold, no_answer;
  std::optional<std::size_t> longest_answer;
  std::optional<std::size_t> beams, max_new_tokens;
  std::optional<double> length_penalty;
  WordSearchOptions words;
};

/// Refuses those of answers that are no texts.
inline void refuse_of_answers(const IdleOptions& idle, const PredictOptions& options) {
  idle.refuse("--top", options.top.has_value());
  idle.refuse("--threshold", options.threshold.has_value());
  idle.refuse("--no-answer-threshold", options.no_answer.has_value());
  idle.refuse("--max-answer-length", options.longest_answer.has_value());
  idle.refuse("--draw", !options.draw.empty());
  idle.refuse("--labels", !options.labels.empty());
  idle.refuse("--masks", !options.masks.empty());
  idle.refuse("--ids-from", !options.ids.empty());
  idle.refuse("--labels-form", !options.labels_form.empty());
  idle.refuse(options.words.given(), !options.words.given().empty());
  idle.refuse("--images", !options.images.empty());
}

}  // namespace enxerto::cli

#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
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

/// Refuses options that have no effect on a network: what was found, and what would take them.
struct IdleOptions {
  std::string_view found, expected;

  void refuse(std::string_view option, bool given) const {
    if (given) throw usage_error(std::string(option), std::string(found), std::string(expected), "leave it out");
  }

  /// Those of answers that are no texts.
  void refuse_of_answers(const PredictOptions& options) const {
    refuse("--top", options.top.has_value());
    refuse("--threshold", options.threshold.has_value());
    refuse("--no-answer-threshold", options.no_answer.has_value());
    refuse("--max-answer-length", options.longest_answer.has_value());
    refuse("--draw", !options.draw.empty());
    refuse("--labels", !options.labels.empty());
    refuse("--masks", !options.masks.empty());
    refuse("--ids-from", !options.ids.empty());
    refuse("--labels-form", !options.labels_form.empty());
    refuse(options.words.given(), !options.words.given().empty());
    refuse("--images", !options.images.empty());
  }
};

}  // namespace enxerto::cli

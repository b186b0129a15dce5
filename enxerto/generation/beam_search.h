#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/generation/options.h"

namespace enxerto {

struct LanguageModel;      // language_model.h
struct GenerationRequest;  // generate.h
class Decoder;             // decoder.h
class Tokenizer;           // media/text/tokenizer.h

/// A text that a search has ended with.
struct FinishedBeam {
  std::vector<std::int64_t> tokens;  ///< behind the prompt
  double score = 0;                  ///< log-probability / length ^ length_penalty
};

/// What a search is for, and by which rules.
struct SearchRules {
  const GenerationOptions& options;
  std::span<const std::int64_t> prompt;         ///< what stands before the first token
  std::int64_t most = 0;                        ///< tokens at most
  std::span<const std::int64_t> ends;           ///< tokens that end a text
  const Tokenizer* tokenizer = nullptr;         ///< for stop texts; null: there are none
  std::span<const std::int64_t> never = {};     ///< tokens that are never chosen
  std::optional<std::int64_t> forced_end = {};  ///< the last token, where there is no room for another
};

/// Throws Error{usage} for more beams than there are words to begin with.
void require_beams(std::int64_t beams, std::int64_t words);

/// The search for the most probable text by transformers' definition (5.24, `_beam_search`): of the log-probabilities,
/// changed as `change_scores` does, the sums over each beam; twice as many candidates as beams (more with several
/// tokens that end a text), of which one that ends counts only among the first `beams`.
class BeamSearch {
 public:
  explicit BeamSearch(const SearchRules& rules);

  /// `scores` (rows, words), of which row `rows[i]` is beam i's, of token number `length`. False where the search is
  /// over.
  bool step(std::span<const float> scores, std::span<const std::int32_t> rows, std::int64_t length);

  std::vector<std::int64_t> last_tokens() const;                ///< of each beam
  std::span<const std::int32_t> from() const { return from_; }  ///< which beam of the step before each goes on from

  /// The `options.samples` best, the best first.
  std::vector<FinishedBeam> best() const;

 private:
  struct Beam {
    std::vector<std::int64_t> tokens;  ///< from the prompt's on
    float score = 0;                   ///< sum of the log-probabilities
  };
  struct Candidate {
    float score = 0;
    std::int32_t beam = 0;
    std::int64_t token = 0;
  };
  static void keep_best(std::vector<Candidate>& candidates, std::size_t count);
  std::vector<Candidate> candidates_of(std::span<const float> scores, std::span<const std::int32_t> rows,
                                       std::int64_t length) const;
  bool ends(const Candidate& candidate) const;
  void finish(const std::vector<Candidate>& candidates, const std::vector<bool>& ended, const std::vector<Beam>& before,
              std::int64_t length);
  void go_on(const std::vector<Candidate>& candidates, const std::vector<bool>& ended, const std::vector<Beam>& before);
  bool can_improve(std::int64_t length) const;
  double power(std::int64_t length) const;

  SearchRules rules_;
  const GenerationOptions& options_;
  std::size_t count_;
  std::vector<Beam> running_;
  std::vector<std::int32_t> from_;
  std::vector<std::optional<FinishedBeam>> finished_;  // the best first
  bool improvable_ = true;
};

/// The `options.samples` best texts of at most `most` tokens behind a prompt, the best first.
std::vector<FinishedBeam> beam_search(const LanguageModel& model, Decoder& decoder, const GenerationRequest& request,
                                      std::int64_t most, Progress& progress);

}  // namespace enxerto

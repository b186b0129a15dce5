#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace enxerto {

/// How probable a word is behind others: an n-gram model with backoff (Katz 1987), read from an ARPA file as SRILM and
/// KenLM write it.
class NgramModel {
 public:
  static constexpr std::size_t kLongest = 9;  ///< words of an n-gram

  /// Words that the next one depends on, the last first.
  struct State {
    std::array<std::uint32_t, kLongest - 1> words = {};
    std::size_t count = 0;
  };

  /// Throws Error{data} with the line for what is no ARPA file, or not all of one.
  static std::shared_ptr<const NgramModel> read(const std::filesystem::path& path);

  /// At the beginning of a sentence.
  State beginning() const;

  /// The logarithm to base 10 of the probability of `word` behind `state`, and the state behind it. A word that the
  /// model does not know is <unk>; without one in the file its probability is 1e-100, as KenLM has it.
  double score(const State& state, std::string_view word, State& behind) const;

  /// The same of the end of the sentence.
  double end_score(const State& state) const;

  bool knows(std::string_view word) const { return ids_.contains(std::string(word)); }

  /// Whether a word that it knows begins so.
  bool begins_a_word(std::string_view beginning) const;

  /// Its words in the order of their bytes, without <s>, </s> and <unk>.
  const std::vector<std::string>& words() const { return words_; }

 private:
  friend class ArpaReader;
  struct Ngram {
    std::uint64_t key = 0;  // hash of its words' numbers
    float probability = 0, backoff = 0;
  };

  std::uint32_t id_of(std::string_view word) const;
  const Ngram* find(std::uint64_t key) const;
  double score_of(const State& state, std::uint32_t id) const;

  std::size_t order_ = 0;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::vector<std::string> words_;
  std::vector<Ngram> ngrams_;  // in the order of their keys
};

}  // namespace enxerto

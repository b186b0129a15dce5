#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace enxerto {

class Tokenizer;

/// Which words of the texts become a vocabulary: as fastai's (Howard, Ruder 2018).
struct VocabularyOptions {
  std::size_t most = 60'000;  ///< the most frequent ones; of equal ones the first by their bytes
  std::size_t fewest = 2;     ///< that occur so often at least
};

/// Counts the words of texts, in lower case: runs of letters and digits, and runs of what is neither letter, digit nor
/// space.
class WordCounts {
 public:
  WordCounts();

  /// Throws Error{data} naming `where` for what is no text.
  void add(std::string_view text, std::string_view where);

  /// A tokenizer.json of the words: "<pad>" is 0, "<unk>" stands for all others, "<s>" begins every text. Throws
  /// Error{data} where no word is frequent enough.
  std::string tokenizer(const VocabularyOptions& options = {}) const;

 private:
  std::shared_ptr<const Tokenizer> splitter_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

/// A tokenizer.json that gives each byte of a text in UTF-8 a number, so that nothing is unknown and nothing is lost:
/// "<pad>" is 0, "<s>" begins every text, byte b is 2 + b.
std::string byte_tokenizer();

}  // namespace enxerto

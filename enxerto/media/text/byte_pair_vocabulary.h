#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// A byte-level BPE as GGUF files have it (`tokenizer.ggml.*` of the model "gpt2").
struct BytePairVocabulary {
  std::vector<std::string> pieces;  ///< by id
  std::vector<std::string> merges;  ///< "a b", the first before the others
  std::vector<std::int64_t> kinds;  ///< of the pieces, as llama.cpp numbers them: 1 usual, 3 control, 4 the user's,
                                    ///< 5 unused; empty: all are usual
  std::string rule;                 ///< how texts are cut into words before, "smollm": `tokenizer.ggml.pre`
  std::optional<std::uint32_t> begin = {}, end = {};   ///< ids of the tokens around a text
  std::optional<bool> adds_begin = {}, adds_end = {};  ///< whether they are put there; nullopt: as usual for `rule`
};

/// The tokenizer.json that Hugging Face has for the same vocabulary. Throws Error{weights} naming `where` for a rule
/// that is not known (all that are known are named), and pieces, kinds and ids that do not fit together.
std::string tokenizer_json(const BytePairVocabulary& vocabulary, std::string_view where);

}  // namespace enxerto

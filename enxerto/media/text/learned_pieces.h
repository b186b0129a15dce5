#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace enxerto {

/// A tokenizer.json of at most `most` pieces that the lines of `texts` have twice or more, learned by byte-pair
/// encoding (Sennrich et al. 2016, as the library `tokenizers` does): blanks are part of the word behind them, as in
/// SentencePiece, punctuation stands alone, and letters are put into Unicode's form NFKC. "</s>" is 0, "<unk>" 1, what
/// stands for letters that are not among the 1,000 most frequent, "<pad>" 2. Throws Error{usage} for fewer than 8
/// pieces, Error{data} naming `where` for what is no UTF-8.
std::string learned_pieces(std::string_view texts, std::size_t most, std::string_view where);

}  // namespace enxerto

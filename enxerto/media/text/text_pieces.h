#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "enxerto/media/text/tokenizer.h"

namespace enxerto {

/// A part of a text, from byte `begin` to byte `end`.
struct TextPiece {
  std::size_t begin = 0, end = 0;
  std::size_t first_end = 0;               ///< where its first token ends, in the text
  std::vector<std::uint32_t> tokens = {};  ///< without those of the tokenizer's template
};

/// The text in parts of at most `most` tokens, 1 or more, cut between words where there are spaces at all, so that the
/// parts are read as the whole would be. Texts of any length: they are looked at in stretches of `kStretch`. Parts
/// with nothing but spaces are left out. Throws Error{data} naming `where` for what is no text.
std::vector<TextPiece> text_pieces(const Tokenizer& tokenizer, std::string_view text, std::size_t most,
                                   std::string_view where);

/// Bytes of a text that are looked at together.
inline constexpr std::size_t kStretch = std::size_t{1} << 18;

/// The end of the stretch that begins at byte `begin`: behind a line if there is one in its second half, else behind a
/// word, else between characters.
std::size_t stretch_end(std::string_view text, std::size_t begin);

}  // namespace enxerto

#include "enxerto/media/text/text_pieces.h"

#include <algorithm>
#include <span>

#include "enxerto/media/text/code_points.h"

namespace enxerto {
namespace {

bool is_space(char letter) { return letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t'; }

/// One stretch of the text.
class Stretch {
 public:
  Stretch(const Tokenizer& tokenizer, std::string_view text, std::string_view where)
      : text_(text),
        encoded_(tokenizer.encode({&text, 1}, {.template_tokens = false}, where)),
        window_(encoded_.window(0)) {
    bytes_ = byte_offsets(window_, {&text, 1});
  }

  void add_pieces(std::vector<TextPiece>& pieces, std::size_t offset, std::size_t most) const {
    const std::size_t count = window_.size();
    for (std::size_t first = 0; first < count;) {
      const std::size_t next = next_first(first, most);
      TextPiece piece{.begin = first == 0 ? 0 : begin_of(first),
                      .end = next == count ? text_.size() : begin_of(next),
                      .first_end = bytes_[first * 2 + 1],
                      .tokens = {window_.ids.begin() + static_cast<std::ptrdiff_t>(first),
                                 window_.ids.begin() + static_cast<std::ptrdiff_t>(next)}};
      first = next;
      if (piece.end <= piece.begin || is_blank(text_.substr(piece.begin, piece.end - piece.begin))) continue;
      piece.begin += offset;
      piece.end += offset;
      piece.first_end += offset;
      pieces.push_back(std::move(piece));
    }
  }

 private:
  std::size_t begin_of(std::size_t token) const { return bytes_[token * 2]; }

  /// Whether a word ends before the token.
  bool is_border(std::size_t token) const {
    const std::size_t at = begin_of(token);
    return at > begin_of(token - 1) && (is_space(text_[at]) || is_space(text_[at - 1]));
  }

  std::size_t next_first(std::size_t first, std::size_t most) const {
    const std::size_t farthest = std::min(first + most, window_.size());
    if (farthest == window_.size()) return farthest;
    for (std::size_t token = farthest; token > first + most / 2; --token)
      if (is_border(token)) return token;
    // Of a character that is several tokens none may be left behind.
    for (std::size_t token = farthest; token > first; --token)
      if (begin_of(token) >= bytes_[token * 2 - 1]) return token;
    return farthest;
  }

  std::string_view text_;
  EncodedText encoded_;
  TokenWindow window_;
  std::vector<std::size_t> bytes_;
};

}  // namespace

std::size_t stretch_end(std::string_view text, std::size_t begin) {
  if (text.size() - begin <= kStretch) return text.size();
  const std::string_view stretch = text.substr(begin, kStretch);
  for (const std::string_view ends : {"\n", " \t\r"}) {
    const std::size_t last = stretch.find_last_of(ends);
    if (last != std::string_view::npos && last >= kStretch / 2) return begin + last + 1;
  }
  std::size_t end = begin + kStretch;
  while (end > begin + 1 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

std::vector<TextPiece> text_pieces(const Tokenizer& tokenizer, std::string_view text, std::size_t most,
                                   std::string_view where) {
  std::vector<TextPiece> pieces;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = stretch_end(text, begin);
    const std::string_view stretch = text.substr(begin, end - begin);
    if (!is_blank(stretch))
      Stretch(tokenizer, stretch, where).add_pieces(pieces, begin, std::max<std::size_t>(most, 1));
    begin = end;
  }
  return pieces;
}

}  // namespace enxerto

#include "enxerto/media/text/learned_characters.h"

#include <cstddef>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/media/text/character_tokenizer.h"
#include "enxerto/media/text/code_points.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {

void CharacterSet::add(std::string_view text, std::string_view where) {
  require_utf8(text, where);
  const std::vector<std::size_t> begins = code_point_begins(text);
  for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
    const std::string_view character = text.substr(begins[i], begins[i + 1] - begins[i]);
    if (!characters_.contains(character)) characters_.emplace(character);
  }
}

std::string CharacterSet::tokenizer() const {
  if (characters_.empty()) throw data_error("vocabulary", "no characters", "texts to learn them from");
  VocabularyJson numbers = VocabularyJson::object();
  for (const std::string& character : characters_) numbers.emplace(character, numbers.size() + 1);
  return character_tokenizer(numbers.dump(), "vocabulary");
}

}  // namespace enxerto

#include "enxerto/data/part_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "enxerto/base/lower_case.h"

namespace enxerto {
namespace {

struct PartWord {
  std::string_view word;
  Part part;
};

constexpr std::array kPartWords{PartWord{"train", Part::train},
                                PartWord{"training", Part::train},
                                PartWord{"trn", Part::train},
                                PartWord{"treino", Part::train},
                                PartWord{"treinamento", Part::train},
                                PartWord{"entrenamiento", Part::train},
                                PartWord{"val", Part::validation},
                                PartWord{"valid", Part::validation},
                                PartWord{"validate", Part::validation},
                                PartWord{"validating", Part::validation},
                                PartWord{"validation", Part::validation},
                                PartWord{"dev", Part::validation},
                                PartWord{"devel", Part::validation},
                                PartWord{"development", Part::validation},
                                PartWord{"eval", Part::validation},
                                PartWord{"evaluation", Part::validation},
                                PartWord{"validacao", Part::validation},
                                PartWord{"validacion", Part::validation},
                                PartWord{"valida\xC3\xA7\xC3\xA3o", Part::validation},
                                PartWord{"validaci\xC3\xB3n", Part::validation},
                                PartWord{"test", Part::test},
                                PartWord{"tests", Part::test},
                                PartWord{"testing", Part::test},
                                PartWord{"tst", Part::test},
                                PartWord{"teste", Part::test},
                                PartWord{"prueba", Part::test},
                                PartWord{"holdout", Part::test},
                                PartWord{"heldout", Part::test}};

/// Words beside the one that says it.
constexpr std::array<std::string_view, 16> kFillers{"set",     "data",  "dataset", "image",  "images", "img",
                                                    "imgs",    "photo", "photos",  "split",  "part",   "folder",
                                                    "folders", "seg",   "files",   "samples"};

/// Glued to it: "trainset".
constexpr std::array<std::string_view, 4> kPartEndings{"images", "data", "set", "dir"};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// Words in lower case: parted by what is no letter, by digits, and where a capital follows a small letter.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = is_lower(c) || is_upper(c) || static_cast<unsigned char>(c) >= 0x80;
    const bool begins = is_upper(c) && i > 0 && is_lower(name[i - 1]);
    if ((!letter || begins) && !words.back().empty()) words.emplace_back();
    if (letter) words.back() += lower_case(c);
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::optional<Part> part_of_word(std::string_view word) {
  const auto* const found = std::ranges::find(kPartWords, word, &PartWord::word);
  if (found != kPartWords.end()) return found->part;
  for (const std::string_view ending : kPartEndings) {
    if (word.size() > ending.size() && word.ends_with(ending))
      return part_of_word(word.substr(0, word.size() - ending.size()));
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Part part) {
  constexpr std::array<std::string_view, 3> kNames{"train", "validation", "test"};
  return kNames[static_cast<std::size_t>(part)];
}

std::optional<Part> part_named(std::string_view name) {
  std::optional<Part> part;
  for (const std::string& word : words_of(name)) {
    if (std::ranges::find(kFillers, word) != kFillers.end()) continue;
    const std::optional<Part> said = part_of_word(word);
    if (!said || part) return std::nullopt;
    part = said;
  }
  return part;
}

std::optional<Part> part_mentioned(std::string_view name) {
  std::optional<Part> part;
  for (const std::string& word : words_of(name)) {
    const std::optional<Part> said = part_of_word(word);
    if (said && part) return std::nullopt;
    if (said) part = said;
  }
  return part;
}

}  // namespace enxerto

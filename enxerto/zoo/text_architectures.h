#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// A network of texts that is begun from random weights, for a vocabulary of any size.
struct TextArchitecture {
  std::string_view name;                  ///< "awd_lstm"
  std::string_view description;           ///< one line
  std::string_view pool;                  ///< how one row is usually made of its states: a row of the head's poolings
  std::int64_t positions;                 ///< tokens that it has positions for; 0: any number
  Blueprint (*make)(std::int64_t words);  ///< null for one that writes texts
  /// Of one that writes a text for another, for the words of both; null: it does not.
  Blueprint (*make_writer)(std::int64_t source_words, std::int64_t target_words) = nullptr;
};

/// All of them, in the order in which they are listed to people.
std::span<const TextArchitecture> text_architectures();

/// nullptr for an unknown name.
const TextArchitecture* find_text_architecture(std::string_view name);

}  // namespace enxerto

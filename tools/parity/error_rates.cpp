// Reads how many pairs there are, then two lines for each, a transcript and its reference, from standard input; prints
// word and character errors and lengths of each pair. Built by tools/parity/error_rates.py.
#include <cstdio>
#include <iostream>
#include <string>

#include "enxerto/metrics/edit_distance.h"

using namespace enxerto;

int main() {
  std::string line;
  std::getline(std::cin, line);
  const std::size_t pairs = std::stoul(line);
  for (std::size_t i = 0; i < pairs; ++i) {
    std::string said, right;
    std::getline(std::cin, said);
    std::getline(std::cin, right);
    const Edits words = word_edits(said, right), characters = character_edits(said, right);
    std::printf("%zu %zu %zu %zu\n", words.edits, words.length, characters.edits, characters.length);
  }
}

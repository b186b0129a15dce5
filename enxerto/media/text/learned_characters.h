#pragma once
#include <set>
#include <string>
#include <string_view>

namespace enxerto {

/// Collects the characters of texts.
class CharacterSet {
 public:
  /// Throws Error{data} naming `where` for what is no text.
  void add(std::string_view text, std::string_view where);

  /// A tokenizer.json that gives each of them a number, in the order of their code points from 1 up; 0 stands for all
  /// others. Nothing begins or ends a text. Throws Error{data} where there are none.
  std::string tokenizer() const;

 private:
  std::set<std::string, std::less<>> characters_;
};

}  // namespace enxerto

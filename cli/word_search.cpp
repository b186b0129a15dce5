#include "word_search.h"

#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/tasks/word_search.h"

namespace enxerto::cli {
namespace {

constexpr const char *kModel = "--language-model", *kWeight = "--language-weight", *kBonus = "--word-bonus";

}  // namespace

void WordSearchOptions::add_to(Command& command) {
  command.add_option(
      kModel, file_,
      "For speech by characters: an n-gram model of words in an ARPA file (.arpa) that the search goes by "
      "too, with 100 beams where --beams says nothing");
  command.add_option(kWeight, weight_, "Of the language model's logarithms of probabilities (0.5)");
  command.add_option(kBonus, bonus_, "That each word gets with a language model (1.5)");
}

std::string WordSearchOptions::given() const {
  return !file_.empty() ? kModel : weight_ ? kWeight : bonus_ ? kBonus : "";
}

void WordSearchOptions::apply(std::optional<std::size_t> beams, ReadingOptions& reading) const {
  if (file_.empty()) {
    if (const std::string idle = given(); !idle.empty())
      throw usage_error(idle, "no effect without a language model", kModel, "leave it out");
    return;
  }
  if (beams == 1)
    throw usage_error("--beams", "1, which leaves nothing to choose by a language model", "more", "leave it out");
  WordSearch words;
  words.weight = weight_.value_or(words.weight);
  words.bonus = bonus_.value_or(words.bonus);
  if (!std::isfinite(words.weight) || words.weight < 0)
    throw usage_error(kWeight, fmt::format("{}", words.weight), "a number of at least 0");
  if (!std::isfinite(words.bonus)) throw usage_error(kBonus, fmt::format("{}", words.bonus), "a number");
  words.model = NgramModel::read(file_);
  reading.words = std::make_shared<const WordSearch>(std::move(words));
}

}  // namespace enxerto::cli

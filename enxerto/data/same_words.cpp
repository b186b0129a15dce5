#include "enxerto/data/same_words.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "enxerto/base/lines.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/name_form.h"

namespace enxerto {
namespace {

bool are_texts(const DatasetInfo& info) {
  return !info.in_order && std::ranges::all_of(info.inputs, [](Medium medium) { return medium == Medium::text; });
}

Hash128 hash_of_words(const Dataset& dataset, std::size_t position) {
  Hash128Stream hash;
  for (const Field& field : fields_of(dataset, *dataset.get(position))) {
    const auto bytes = field.bytes.as<std::uint8_t>();
    const std::string text(bytes.begin(), bytes.end());
    for (const std::string_view word : words_between(text, " \t\r\n"))
      if (!word.empty()) hash.add(lower_case(canonical_form(word)));
    hash.add(std::uint64_t{0});  // where a field ends
  }
  return hash.value();
}

}  // namespace

std::vector<Hash128> same_words(const Dataset& dataset, std::span<const std::size_t> positions,
                                std::span<const Hash128> contents) {
  std::vector<Hash128> same(contents.begin(), contents.end());
  if (!are_texts(dataset.info())) return same;
  std::vector<Hash128> words;
  std::map<Hash128, Hash128> lowest;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    words.push_back(hash_of_words(dataset, positions[i]));
    const auto [found, is_new] = lowest.emplace(words[i], contents[i]);
    if (!is_new) found->second = std::min(found->second, contents[i]);
  }
  for (std::size_t i = 0; i < positions.size(); ++i) same[i] = lowest.at(words[i]);
  return same;
}

}  // namespace enxerto

#include "enxerto/pretrained/translation/hub_writing.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMostBeams = 64;

/// The two files, in the order in which they are asked.
struct Said {
  HubConfig generation;
  const HubConfig& config;

  std::int64_t number(std::string_view key, std::int64_t fallback) const {
    return generation.integer(key, config.integer(key, fallback));
  }
  const Json* find(std::string_view key) const {
    const Json* const found = generation.find(key);
    return found != nullptr ? found : config.find(key);
  }
};

/// Words that may not be written: those of lists of one.
std::vector<std::int64_t> bad_words(const Said& said) {
  const Json* const list = said.find("bad_words_ids");
  std::vector<std::int64_t> words;
  if (list == nullptr || !list->is_array()) return words;
  for (const Json& run : *list)
    if (run.is_array() && run.size() == 1 && run[0].is_number_integer()) words.push_back(run[0].get<std::int64_t>());
  return words;
}

}  // namespace

void set_writing(TranslationNetwork& network, const std::filesystem::path& folder, const HubConfig& config,
                 const UsualWriting& usual) {
  const Said said{.generation = optional_config(folder / "generation_config.json"), .config = config};
  network.begin = said.number("decoder_start_token_id", usual.begin);
  network.end = said.number("eos_token_id", usual.end);
  network.never = bad_words(said);
  const std::int64_t forced = said.number("forced_eos_token_id", -1);
  if (forced >= 0) network.forced_end = forced;
  network.beams = std::clamp<std::int64_t>(said.number("num_beams", 1), 1, kMostBeams);
  for (const std::int64_t word : {network.begin, network.end, forced})
    if (word >= usual.words || (word < 0 && word != forced))
      config.fail(fmt::format("names the word {}", word), fmt::format("0 to {}", usual.words - 1));
  std::erase_if(network.never, [&](std::int64_t word) { return word < 0 || word >= usual.words; });
}

}  // namespace enxerto

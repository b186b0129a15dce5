#include "enxerto/pretrained/translation/translation_network.h"

#include <array>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/translation/saved_translation.h"
#include "enxerto/pretrained/translation/sources.h"

namespace enxerto {
namespace {

/// What a path can be, asked in this order.
struct TranslationSource {
  bool (*is)(const std::filesystem::path& path);
  TranslationNetwork (*load)(const std::filesystem::path& path);
};
constexpr std::array<TranslationSource, 4> kSources{{{is_marian_hub_folder, load_marian_hub_folder},
                                                     {is_t5_hub_folder, load_t5_hub_folder},
                                                     {is_own_marian, load_own_marian},
                                                     {is_saved_translation, load_saved_translation}}};

/// A size that no network has is the file's fault, not the caller's.
TranslationNetwork loaded(const TranslationSource& source, const std::filesystem::path& path) {
  try {
    return source.load(path);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw weights_error(path.string(), "describes a network of " + error.text().found, error.text().expected,
                        error.text().tip);
  }
}

}  // namespace

bool is_translation_network(const std::filesystem::path& path) {
  for (const TranslationSource& source : kSources)
    if (source.is(path)) return true;
  return false;
}

TranslationNetwork load_translation_network(const std::filesystem::path& path) {
  for (const TranslationSource& source : kSources)
    if (source.is(path)) return loaded(source, path);
  throw weights_error(path.string(), "no translation network",
                      "a folder of MarianMT or T5, a model of Marian with its .spm, or a saved model that translates");
}

}  // namespace enxerto

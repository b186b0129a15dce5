#include "enxerto/pretrained/hub/sentence_pooling.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"
#include "enxerto/media/text/folder_config.h"
#include "enxerto/pretrained/hub/config.h"

namespace enxerto {
namespace {

constexpr const char* kModules = "modules.json";
constexpr std::size_t kLargestPooling = std::size_t{1} << 20U;

struct Mode {
  std::string_view key, name, pool;
};
constexpr std::array kModes{
    Mode{"pooling_mode_mean_tokens", "mean", "avg"},
    Mode{"pooling_mode_cls_token", "cls", "first"},
    Mode{"pooling_mode_max_tokens", "max", "max"},
    Mode{"pooling_mode_lasttoken", "lasttoken", "last"},
};

/// Its one mode; "" where it is none of these, or several side by side.
std::string pool_of(const HubConfig& config) {
  std::string pool;
  int modes = 0;
  for (const Mode& mode : kModes) {
    if (!config.flag(mode.key, false) && config.text("pooling_mode", "") != mode.name) continue;
    pool = mode.pool;
    ++modes;
  }
  for (const char* other : {"pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens"})
    modes += config.flag(other, false) ? 2 : 0;
  return modes == 1 ? pool : "";
}

void require_prompt(const HubConfig& pooling, const std::string& prompt) {
  if (!pooling.flag("include_prompt", true))
    pooling.fail(fmt::format("'include_prompt' is false, and '{}' is put before each text", as_utf8(prompt)),
                 "true: tokens of the prompt are pooled like others",
                 "without a default_prompt_name in config_sentence_transformers.json none is put there");
}

}  // namespace

std::optional<SentencePooling> sentence_pooling(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kModules;
  if (!is_file(file)) return std::nullopt;
  const Json modules = read_json(file, kLargestPooling, ErrorKind::weights);
  if (!modules.is_array()) throw weights_error(file.string(), "is not a list", "a list of modules");
  SentencePooling found;
  bool normalises = false;
  for (const Json& entry : modules) {
    const HubConfig module(entry, file.string());
    const std::string type = module.text("type", ""), kind = type.substr(type.rfind('.') + 1);
    if (kind == "Pooling") {
      const std::filesystem::path config = folder / module.text("path", "") / "config.json";
      const HubConfig pooling(config);
      found.pool = pool_of(pooling);
      if (const std::string prompt = FolderConfig(folder).default_prompt(); !prompt.empty())
        require_prompt(pooling, prompt);
      if (found.pool.empty())
        found.notes.push_back(
            fmt::format("{}: its pooling is not supported; tokens are pooled as is usual for the "
                        "network",
                        config.string()));
    } else if (kind == "Normalize") {
      normalises = true;
    } else if (kind != "Transformer") {
      found.notes.push_back(fmt::format("{}: left out the module {}", file.string(), kind));
    }
  }
  if (normalises && !found.pool.empty()) found.pool += "_unit";
  return found;
}

}  // namespace enxerto

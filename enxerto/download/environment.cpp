#include "enxerto/download/environment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"

namespace enxerto {
namespace {

std::filesystem::path home() { return environment("HOME"); }

std::filesystem::path expanded(const std::string& text) {
  if (text.starts_with("~/") && !home().empty()) return home() / text.substr(2);
  return text;
}

}  // namespace

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool environment_says_yes(const char* name) {
  const std::string value = lower_case(environment(name));
  constexpr std::array<std::string_view, 4> kYes{"1", "on", "yes", "true"};
  return std::find(kYes.begin(), kYes.end(), value) != kYes.end();
}

std::filesystem::path directory_from(const char* name, const std::filesystem::path& fallback) {
  if (const std::string value = environment(name); !value.empty()) return expanded(value);
  return home().empty() ? std::filesystem::path() : home() / fallback;
}

std::filesystem::path user_cache() { return directory_from("XDG_CACHE_HOME", ".cache"); }

std::filesystem::path hub_home() {
  if (!environment("HF_HOME").empty()) return directory_from("HF_HOME", "");
  return user_cache().empty() ? std::filesystem::path() : user_cache() / "huggingface";
}

std::filesystem::path own_cache() {
  const std::filesystem::path cache = user_cache();
  if (!cache.empty()) return cache / "enxerto";
  throw disk_error("download cache", "neither XDG_CACHE_HOME nor HOME is set", "a folder for downloads",
                   "XDG_CACHE_HOME=FOLDER");
}

std::string offline_by() {
  for (const char* name : {"ENXERTO_OFFLINE", "HF_HUB_OFFLINE"})
    if (environment_says_yes(name)) return name;
  return "";
}

}  // namespace enxerto

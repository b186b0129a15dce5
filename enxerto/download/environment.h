#pragma once
#include <filesystem>
#include <string>

namespace enxerto {

/// The value of an environment variable; "" where it is not set.
std::string environment(const char* name);

/// Whether it is true as Hugging Face's tools read it: 1, on, yes or true, in any case.
bool environment_says_yes(const char* name);

/// $`name` as a directory, "~/" expanded; else `fallback` below the user's home; "" where there is no home either.
std::filesystem::path directory_from(const char* name, const std::filesystem::path& fallback);

/// $XDG_CACHE_HOME, else ~/.cache; "" where neither is known.
std::filesystem::path user_cache();

/// Where Hugging Face's tools keep their files: $HF_HOME, else huggingface/ in `user_cache()`; "" where neither is
/// known.
std::filesystem::path hub_home();

/// Where everything is that this program has downloaded: enxerto/ in `user_cache()`. Throws Error{disk} where none is
/// known.
std::filesystem::path own_cache();

/// The variable that forbids every use of the network (ENXERTO_OFFLINE or HF_HUB_OFFLINE); "" where none does.
std::string offline_by();

}  // namespace enxerto

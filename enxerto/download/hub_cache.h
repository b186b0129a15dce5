#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/download/hub_access.h"

namespace enxerto {

/// Caches in the layout of Hugging Face's tools (models--org--name/refs/REVISION holds a commit, snapshots/COMMIT its
/// files): theirs ($HF_HUB_CACHE, $HUGGINGFACE_HUB_CACHE, $HF_HOME/hub, ~/.cache/huggingface/hub), then Enxerto's.
std::vector<std::filesystem::path> hub_caches();

/// Ours, where downloads go: enxerto/hub in the user's cache.
std::filesystem::path own_hub_cache();

/// models--org--name in `cache`.
std::filesystem::path hub_repository(const std::filesystem::path& cache, std::string_view id);

/// The folder of `revision` in `cache`, whatever is in it; nullopt where there is none.
std::optional<std::filesystem::path> cached_revision(const std::filesystem::path& cache, std::string_view id,
                                                     std::string_view revision);

/// One file in any of the caches.
std::optional<std::filesystem::path> cached_hub_file(const HubFile& file);

/// Remembers in our cache which commit `revision` stands for.
void set_revision(std::string_view id, std::string_view revision, std::string_view commit);

/// 40 hexadecimal digits.
bool is_commit(std::string_view text);

}  // namespace enxerto

#include "enxerto/download/hub_cache.h"

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/download/environment.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kLongestReference = 256;

/// The commit that a cache remembers for a branch; "" where it does not.
std::string remembered_commit(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return "";
  std::string commit;
  try {
    commit = read_text(file, kLongestReference);
  } catch (const Error&) {
    return "";
  }
  commit.erase(commit.find_last_not_of(" \t\r\n") + 1);
  return is_commit(commit) ? commit : "";
}

}  // namespace

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::vector<std::filesystem::path> hub_caches() {
  std::vector<std::filesystem::path> caches;
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"})
    if (caches.empty() && !environment(name).empty()) caches.push_back(directory_from(name, ""));
  if (caches.empty() && !hub_home().empty()) caches.push_back(hub_home() / "hub");
  if (!user_cache().empty()) caches.push_back(own_hub_cache());
  return caches;
}

std::filesystem::path own_hub_cache() { return own_cache() / "hub"; }

std::filesystem::path hub_repository(const std::filesystem::path& cache, std::string_view id) {
  const std::size_t slash = id.find('/');
  std::string folder = "models--";
  folder.append(id.substr(0, slash)).append("--").append(id.substr(slash + 1));
  return cache / folder;
}

std::optional<std::filesystem::path> cached_revision(const std::filesystem::path& cache, std::string_view id,
                                                     std::string_view revision) {
  check_hub_name(id, revision);
  const std::filesystem::path repository = hub_repository(cache, id);
  const std::string commit =
      is_commit(revision) ? std::string(revision) : remembered_commit(repository / "refs" / std::string(revision));
  if (commit.empty()) return std::nullopt;
  std::error_code ignored;
  const std::filesystem::path folder = repository / "snapshots" / commit;
  return std::filesystem::is_directory(folder, ignored) ? std::optional(folder) : std::nullopt;
}

std::optional<std::filesystem::path> cached_hub_file(const HubFile& file) {
  for (const std::filesystem::path& cache : hub_caches()) {
    const auto folder = cached_revision(cache, file.id, file.revision);
    std::error_code ignored;
    if (folder && std::filesystem::is_regular_file(*folder / file.file, ignored)) return *folder / file.file;
  }
  return std::nullopt;
}

void set_revision(std::string_view id, std::string_view revision, std::string_view commit) {
  if (is_commit(revision)) return;
  const std::filesystem::path file = hub_repository(own_hub_cache(), id) / "refs" / std::string(revision);
  std::error_code failure;
  std::filesystem::create_directories(directory_of(file), failure);
  if (failure) throw_disk_error(directory_of(file), "cannot be created", failure.value());
  write_atomically(file, commit);
}

}  // namespace enxerto

#include "enxerto/pretrained/file_digests.h"

#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/download/environment.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kWorthRemembering = 4'000'000;
constexpr std::size_t kMostRemembered = 256;
constexpr std::size_t kMostBytes = 1U << 20U;

std::filesystem::path memory_file() { return own_cache() / "digests.json"; }

/// {"/path/to/file": {"size": .., "modified_ns": .., "inode": .., "device": .., "sha256": .., "md5": ..}}
Json recall_all() {
  try {
    Json all = read_json(memory_file(), kMostBytes);
    return all.is_object() ? all : Json::object();
  } catch (const Error&) {
    return Json::object();
  }
}

Json row_of(const FileIdentity& identity, const FileDigests& digests) {
  return {{"size", identity.size},    {"modified_ns", identity.modified_ns},
          {"inode", identity.inode},  {"device", identity.device},
          {"sha256", digests.sha256}, {"md5", digests.md5}};
}

bool is_digest(const std::string& text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<FileDigests> recall(const FileIdentity& identity) {
  const Json all = recall_all();
  const auto row = all.find(identity.path);
  if (row == all.end()) return std::nullopt;
  try {
    const FileDigests digests{.sha256 = row->at("sha256").get<std::string>(), .md5 = row->at("md5").get<std::string>()};
    const bool sound = is_digest(digests.sha256, 64) && (digests.md5.empty() || is_digest(digests.md5, 32));
    if (sound && *row == row_of(identity, digests)) return digests;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

/// Rows of files that have gone are left out, then the oldest.
void remember(const FileIdentity& identity, const FileDigests& digests) {
  Json kept = Json::object();
  const Json all = recall_all();
  for (const auto& [path, row] : all.items())
    if (path != identity.path && identity_of(path)) kept[path] = row;
  while (kept.size() >= kMostRemembered) kept.erase(kept.begin());
  kept[identity.path] = row_of(identity, digests);
  try {
    std::error_code ignored;
    std::filesystem::create_directories(memory_file().parent_path(), ignored);
    write_atomically(memory_file(), kept.dump(1));
  } catch (const Error&) {
    return;
  } catch (const Json::exception&) {
    return;  // a path that is no UTF-8
  }
}

}  // namespace

FileDigests file_digests(const std::filesystem::path& file, bool wants_md5) {
  const MappedFile mapped(file, ErrorKind::weights);
  const std::optional<FileIdentity> before = identity_of(file);
  const bool worth = before && mapped.bytes().size() >= kWorthRemembering;
  if (worth)
    if (const auto known = recall(*before); known && (!wants_md5 || !known->md5.empty())) return *known;
  FileDigests digests{.sha256 = sha256(mapped.bytes()), .md5 = wants_md5 ? md5(mapped.bytes()) : ""};
  if (worth && identity_of(file) == before) remember(*before, digests);
  return digests;
}

void remember_digests(const std::filesystem::path& file, const FileDigests& digests) {
  const auto identity = identity_of(file);
  if (identity && identity->size >= kWorthRemembering) remember(*identity, digests);
}

bool is_known_by_md5(const PretrainedSpec& spec) { return spec.sha256.empty() && !spec.md5.empty(); }

bool has_digest(const PretrainedSpec& spec) { return !spec.sha256.empty() || !spec.md5.empty(); }

bool is_published(const PretrainedSpec& spec, const FileDigests& digests) {
  if (is_known_by_md5(spec)) return digests.md5 == spec.md5;
  return !spec.sha256.empty() && digests.sha256.starts_with(spec.sha256);
}

std::string digest_text(const PretrainedSpec& spec, const FileDigests& digests) {
  return is_known_by_md5(spec) ? "its MD5 is " + digests.md5 : "its SHA-256 is " + digests.sha256;
}

}  // namespace enxerto

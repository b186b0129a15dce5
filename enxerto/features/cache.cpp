#include "enxerto/features/cache.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/features/space.h"
#include "enxerto/features/table_file.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/foreign_maps.h"

namespace enxerto {
namespace {

constexpr std::string_view kVersion = "enxerto feature cache 1\n";
constexpr std::string_view kMemo = "memo.lmdb";
enum Table : std::size_t { kHashes, kNotes };

std::string version_checksum(std::string_view version) {
  return fmt::format("{:016x}\n", XXH3_64bits(version.data(), version.size()));
}

/// "enxerto feature cache 7", whatever the number: written by a program that knows what it means.
bool is_of_a_version(std::string_view text) {
  constexpr std::string_view kName = kVersion.substr(0, kVersion.size() - 2);
  if (!text.starts_with(kName) || !text.ends_with('\n')) return false;
  const std::string_view number = text.substr(kName.size(), text.size() - kName.size() - 1);
  return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Makes the directory, and says what was mended in it. All else in it has its own checksums.
std::vector<std::string> prepare(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw_disk_error(directory, "the feature cache cannot be created here", error.value());
  const std::filesystem::path version = directory / "VERSION";
  const std::filesystem::path sum = directory / "VERSION.xxh3";  // tells a damaged number from another version's
  if (!std::filesystem::exists(version, error)) write_atomically(version, kVersion);
  const std::string found = read_text(version, 1 << 10, ErrorKind::disk);
  const bool sum_is_ours =
      std::filesystem::exists(sum, error) && read_text(sum, 1 << 10, ErrorKind::disk) == version_checksum(kVersion);
  if (found == kVersion) {
    if (!sum_is_ours) write_atomically(sum, version_checksum(kVersion));
    return {};
  }
  if (is_of_a_version(found) && !sum_is_ours)
    throw disk_error(directory.string(), "a cache of another version of Enxerto",
                     std::string(kVersion.substr(0, kVersion.size() - 1)),
                     "name another folder in ENXERTO_CACHE, or delete this one");
  write_atomically(version, kVersion);
  write_atomically(sum, version_checksum(kVersion));
  return {fmt::format("{} was damaged and has been rewritten", version.string())};
}

void remove_memo(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  std::filesystem::remove(path.string() + "-lock", ignored);
}

/// What is remembered can be found out again, so a damaged file of it is replaced.
std::shared_ptr<TableFile> open_memo(const std::filesystem::path& path) {
  const TableFile::Options options{.tables = {"hashes", "notes"}, .durability = TableFile::Durability::last_lost};
  try {
    return TableFile::open(path, options);
  } catch (const Error& error) {
    if (!TableFile::is_damage(error)) throw;
  }
  remove_memo(path);
  return TableFile::open(path, options);
}

Hash128 key_of(const FileIdentity& file) {
  return Hash128Stream()
      .add(file.path)
      .add(file.size)
      .add(static_cast<std::uint64_t>(file.modified_ns))
      .add(file.inode)
      .add(file.device)
      .value();
}

bool is_space_name(const std::string& name) {
  return name.size() == 32 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// What a kill in the middle of a deletion has left.
void remove_half_deleted(const std::filesystem::path& directory) {
  constexpr std::string_view kAway = "deleted-";
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kAway) && is_space_name(name.substr(kAway.size())))
      std::filesystem::remove_all(entry.path(), ignored);
  }
}

class CacheDirectory final : public FeatureCache {
 public:
  CacheDirectory(std::filesystem::path directory, std::uint64_t limit, std::vector<std::string> repairs)
      : directory_(std::move(directory)),
        limit_(limit),
        memo_(open_memo(directory_ / kMemo)),
        repairs_(std::move(repairs)) {}

  const std::filesystem::path& directory() const override { return directory_; }

  std::vector<std::string> take_repairs() override {
    const std::lock_guard lock(repairing_);
    return std::exchange(repairs_, {});
  }

  std::vector<SpaceStatus> status() const override {
    std::vector<SpaceStatus> spaces;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) {
      if (is_space_name(entry.path().filename().string())) spaces.push_back(space_status(entry.path()));
    }
    std::sort(spaces.begin(), spaces.end(), [](const SpaceStatus& a, const SpaceStatus& b) {
      return a.last_used != b.last_used ? a.last_used > b.last_used : a.id < b.id;
    });
    return spaces;
  }

  std::uint64_t trim(std::uint64_t limit_bytes) override {
    remove_half_deleted(directory_);
    std::vector<SpaceStatus> spaces = status();
    std::uint64_t total = 0, freed = 0;
    for (const SpaceStatus& space : spaces) total += space.bytes;
    for (auto space = spaces.rbegin(); space != spaces.rend() && total - freed > limit_bytes; ++space) {
      if (delete_space(directory_ / space->id)) freed += space->bytes;
    }
    return freed;
  }

  std::uint64_t keep_limit() override { return limit_ == 0 ? 0 : trim(limit_); }

  std::uint64_t clear() override {
    const std::lock_guard lock(repairing_);
    memo_.reset();
    const std::uint64_t freed = clear_folder(directory_);
    memo_ = open_memo(directory_ / kMemo);
    return freed;
  }

  std::optional<Hash128> remembered_hash(const FileIdentity& file) const override {
    const Hash128 key = key_of(file);
    const std::string found = remembered(kHashes, std::as_bytes(std::span(&key, 1)));
    Hash128 hash;
    if (found.size() != sizeof hash) return std::nullopt;
    std::memcpy(&hash, found.data(), sizeof hash);
    return hash;
  }

  void remember_hashes(const std::vector<std::pair<FileIdentity, Hash128>>& hashes) override {
    if (hashes.empty()) return;
    change_memo([&](TableFile::Writer& memo) {
      for (const auto& [file, hash] : hashes) {
        const Hash128 key = key_of(file);
        memo.put(kHashes, std::as_bytes(std::span(&key, 1)), std::as_bytes(std::span(&hash, 1)));
      }
    });
  }

  // Keys are hashed: LMDB takes 511 bytes at most.
  std::optional<std::string> note(std::string_view key) const override {
    const Hash128 hash = hash128(key);
    const std::string found = remembered(kNotes, std::as_bytes(std::span(&hash, 1)));
    return found.empty() ? std::nullopt : std::optional(found.substr(1));
  }

  void set_note(std::string_view key, std::string_view value) override {
    const Hash128 hash = hash128(key);
    std::string marked("=");  // so that an empty note is a note
    marked.append(value);
    change_memo([&](TableFile::Writer& memo) {
      memo.put(kNotes, std::as_bytes(std::span(&hash, 1)), std::as_bytes(std::span(marked)));
    });
  }

  std::shared_ptr<RowStore> open_space(const Hash128& space, const SpaceRecord& record) override {
    const std::lock_guard lock(repairing_);
    return enxerto::open_space(directory_ / space.hex(), record, &repairs_);
  }

 private:
  std::shared_ptr<TableFile> memo() const {
    const std::lock_guard lock(repairing_);
    return memo_;
  }

  /// Does something with what is remembered; where that turns out to be damaged, again with an empty file.
  template <typename Use>
  auto with_memo(const Use& use) const {
    const std::shared_ptr<TableFile> file = memo();
    try {
      return use(file);
    } catch (const Error& error) {
      const bool ends_early = dynamic_cast<const ShrunkFile*>(&error) != nullptr &&  // a page that it never had
                              error.text().where == (directory_ / kMemo).string();
      if (!ends_early && !TableFile::is_damage(error)) throw;
    }
    replace_memo(file);
    return use(memo());
  }

  void replace_memo(const std::shared_ptr<TableFile>& damaged) const {
    const std::lock_guard lock(repairing_);
    if (memo_ != damaged) return;  // somebody else was first
    const std::filesystem::path path = directory_ / kMemo;
    remove_memo(path);
    memo_ = open_memo(path);
    repairs_.push_back(fmt::format("{} was damaged and has been begun anew", path.string()));
  }

  void change_memo(const std::function<void(TableFile::Writer&)>& change) const {
    with_memo([&](const std::shared_ptr<TableFile>& file) { file->write(change); });
  }

  std::string remembered(Table table, std::span<const std::byte> key) const {
    return with_memo([&](const std::shared_ptr<TableFile>& file) {
      const TableFile::Reader reader(file);
      const std::span<const std::byte> found = reader.get(table, key);
      return std::string(reinterpret_cast<const char*>(found.data()), found.size());
    });
  }

  std::filesystem::path directory_;
  std::uint64_t limit_;
  mutable std::shared_ptr<TableFile> memo_;  // the file may be damaged whenever it is read
  mutable std::mutex repairing_;
  mutable std::vector<std::string> repairs_;
};

}  // namespace

std::uint64_t FeatureCache::clear_folder(const std::filesystem::path& directory) {
  const std::filesystem::path folder = directory.empty() ? default_cache_directory() : directory;
  remove_half_deleted(folder);
  std::error_code ignored;
  std::uint64_t freed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (!is_space_name(entry.path().filename().string())) continue;
    std::uint64_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(entry.path(), ignored))
      if (const auto size = file.file_size(ignored); !ignored) bytes += size;
    if (delete_space(entry.path())) freed += bytes;
  }
  remove_memo(folder / kMemo);
  return freed;
}

std::filesystem::path default_cache_directory() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  if (std::filesystem::path own = variable("ENXERTO_CACHE"); !own.empty()) return own;
  if (const auto caches = variable("XDG_CACHE_HOME"); !caches.empty()) return caches / "enxerto";
  if (const auto home = variable("HOME"); !home.empty()) return home / ".cache" / "enxerto";
  return {};
}

std::shared_ptr<FeatureCache> FeatureCache::open(const CacheOptions& options) {
  std::filesystem::path directory = options.directory.empty() ? default_cache_directory() : options.directory;
  if (directory.empty())
    throw disk_error("the feature cache", "no home directory",
                     "ENXERTO_CACHE, XDG_CACHE_HOME or HOME in the environment",
                     "set ENXERTO_CACHE, or use cache.enabled = false");
  std::vector<std::string> repairs = prepare(directory);
  auto cache = std::make_shared<CacheDirectory>(std::move(directory), options.limit_bytes, std::move(repairs));
  cache->keep_limit();
  return cache;
}

}  // namespace enxerto

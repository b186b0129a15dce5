#include "enxerto/engine/kept_networks.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/mapping.h"

namespace enxerto {
namespace {

constexpr const char* kEnding = ".network";

struct KeptFile {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::filesystem::file_time_type used;
};

/// The longest not used first.
std::vector<KeptFile> kept_files(const std::filesystem::path& folder) {
  std::vector<KeptFile> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() != kEnding) continue;
    std::error_code gone;
    const KeptFile file{entry->path(), entry->file_size(gone), entry->last_write_time(gone)};
    if (!gone) files.push_back(file);
  }
  std::ranges::sort(files, {}, &KeptFile::used);
  return files;
}

/// Of a network under its key, so that none is taken for another whose name it has.
Hash128 checksum(const Hash128& key, std::span<const std::byte> network) {
  return Hash128Stream().add(key).add(hash128(network)).value();
}

bool is_whole(const Hash128& key, std::span<const std::byte> file) {
  if (file.size() <= sizeof(Hash128)) return false;
  Hash128 written;
  std::memcpy(&written, file.last(sizeof written).data(), sizeof written);
  return checksum(key, file.first(file.size() - sizeof written)) == written;
}

}  // namespace

std::filesystem::path KeptNetworks::file_of(const Hash128& key) const { return folder_ / (key.hex() + kEnding); }

std::optional<MappedFile> KeptNetworks::find(const Hash128& key) const {
  const std::filesystem::path path = file_of(key);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  try {
    MappedFile file(path, ErrorKind::disk);
    const bool whole = unless_it_shrank([&] { return is_whole(key, file.bytes()); });
    if (whole) {
      std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now(), error);
      return file;
    }
  } catch (const Error&) {
  }
  forget(key);
  return std::nullopt;
}

std::span<const std::byte> KeptNetworks::content(const MappedFile& file) {
  return file.bytes().first(file.bytes().size() - sizeof(Hash128));
}

void KeptNetworks::keep(const Hash128& key, std::string_view network) const {
  if (!has_room_for(network.size())) return;
  try {
    std::filesystem::create_directories(folder_);
    const Hash128 sum = checksum(key, std::as_bytes(std::span(network)));
    AtomicFile file(file_of(key));
    file.write(network);
    file.write(std::as_bytes(std::span(&sum, 1)));
    file.commit(AtomicFile::Durability::may_be_lost);
    trim(limit_);
  } catch (const Error&) {
  } catch (const std::filesystem::filesystem_error&) {
  }
}

void KeptNetworks::forget(const Hash128& key) const {
  std::error_code ignored;
  std::filesystem::remove(file_of(key), ignored);
}

std::uint64_t KeptNetworks::bytes() const {
  std::uint64_t total = 0;
  for (const KeptFile& file : kept_files(folder_)) total += file.bytes;
  return total;
}

std::uint64_t KeptNetworks::clear() const { return trim(0); }

std::uint64_t KeptNetworks::trim(std::uint64_t limit) const {
  const std::vector<KeptFile> files = kept_files(folder_);
  std::uint64_t total = 0, freed = 0;
  for (const KeptFile& file : files) total += file.bytes;
  for (const KeptFile& file : files) {
    if (total - freed <= limit) break;
    std::error_code error;
    if (std::filesystem::remove(file.path, error)) freed += file.bytes;
  }
  return freed;
}

}  // namespace enxerto

#include "enxerto/features/table_file.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "enxerto/features/cache.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/foreign_maps.h"

namespace enxerto {
namespace {

constexpr std::size_t kLockBytes = 64 << 10;
constexpr int kMode = 0644;

constexpr const char* kUndamaged = "an undamaged index";

/// Thrown inside `write` so that the transaction is undone and run again in a larger map.
struct MapFull {};

/// The cache's folder as an option, where it is not the usual one.
std::string folder_option(const std::filesystem::path& file) {
  const bool is_of_space = file.filename() == "index.lmdb";
  const std::filesystem::path folder = is_of_space ? file.parent_path().parent_path() : file.parent_path();
  return folder == default_cache_directory() ? "" : " --cache " + folder.string();
}

[[noreturn]] void fail(const std::filesystem::path& path, int status) {
  throw_if_a_file_shrank();  // all else follows from it
  if (status == ENOMEM) throw memory_error(path, "cannot be mapped into memory");
  // Codes of LMDB that no full disk, no other process and no call of ours leads to.
  constexpr std::array kDamage{MDB_INVALID, MDB_CORRUPTED,   MDB_VERSION_MISMATCH, MDB_PAGE_NOTFOUND,
                               MDB_PANIC,   MDB_PAGE_FULL,   MDB_CURSOR_FULL,      MDB_INCOMPATIBLE,
                               MDB_BAD_TXN, MDB_BAD_VALSIZE, MDB_BAD_DBI};
  const bool damaged = std::ranges::find(kDamage, status) != kDamage.end();
  throw disk_error(path.string(), mdb_strerror(status), damaged ? kUndamaged : "an index that can be read and written",
                   damaged ? "enxerto cache clear" + folder_option(path)
                           : "free some space, name another folder in ENXERTO_CACHE, or use cache.enabled = false");
}

constexpr MDB_dbi kFreePages = 0;  // the table in which LMDB itself keeps them

std::span<const std::byte> bytes_in(const MDB_val& value) {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

MDB_val value_of(std::span<const std::byte> bytes) { return {bytes.size(), const_cast<std::byte*>(bytes.data())}; }

using FileKey = std::pair<dev_t, ino_t>;
std::mutex open_files_mutex;
std::map<FileKey, std::weak_ptr<TableFile>> open_files;  // what LMDB requires: one environment a file and process

/// Creates the file, so that it has an identity, and its lock file with room of its own: LMDB maps that for writing,
/// and a full disk would be a SIGBUS there.
FileKey create(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  struct stat info{};
  if (descriptor < 0 || fstat(descriptor, &info) != 0) fail(path, errno);
  ::close(descriptor);
  return {info.st_dev, info.st_ino};
}

std::filesystem::path lock_of(const std::filesystem::path& path) { return path.string() + "-lock"; }

void reserve_lock(const std::filesystem::path& path) {
  const std::filesystem::path lock = lock_of(path);
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  struct stat info{};
  if (descriptor < 0 || fstat(descriptor, &info) != 0) fail(lock, errno);
  const int status = info.st_size == 0 ? posix_fallocate(descriptor, 0, kLockBytes) : 0;
  ::close(descriptor);
  if (status != 0 && status != EOPNOTSUPP) fail(lock, status);
}

/// `mdb_txn_begin`, which reads where all tables begin; roots that are zeros would end the process in LMDB.
int begin_transaction(MDB_env* environment, unsigned flags, MDB_txn** transaction) {
  const int status = mdb_txn_begin(environment, nullptr, flags, transaction);
  if (status != MDB_SUCCESS) return status;
  try {
    throw_if_a_file_shrank();
  } catch (const Error&) {
    mdb_txn_abort(*transaction);
    throw;
  }
  return status;
}

}  // namespace

struct TableFile::State {
  std::filesystem::path path;
  ForeignMaps maps, lock_maps;  // of LMDB; first, as they guard the environment until it is closed
  MDB_env* environment = nullptr;
  std::vector<MDB_dbi> tables;
  mutable std::shared_mutex resizing;  // held alone while the map is given another size

  ~State() {
    if (environment != nullptr) mdb_env_close(environment);
  }

  void check(int status) const {
    if (status != MDB_SUCCESS) fail(path, status);
  }

  void set_map_size(std::size_t bytes) {
    maps.release();
    const int status = mdb_env_set_mapsize(environment, bytes);
    maps = ForeignMaps(path, ErrorKind::disk);
    check(status);
  }

  /// Adopts the size that another process has given the map.
  void adopt_size() {
    const std::unique_lock lock(resizing);
    set_map_size(0);
  }

  void grow() {
    const std::unique_lock lock(resizing);
    MDB_envinfo info{};
    check(mdb_env_info(environment, &info));
    set_map_size(info.me_mapsize * 2);
  }

  void open_tables(const std::vector<std::string>& names) {
    MDB_txn* transaction = nullptr;
    int status = begin_transaction(environment, 0, &transaction);
    if (status == MDB_MAP_RESIZED) {
      adopt_size();
      status = begin_transaction(environment, 0, &transaction);
    }
    check(status);
    for (const std::string& name : names) {
      MDB_dbi table = 0;
      status = mdb_dbi_open(transaction, name.c_str(), MDB_CREATE, &table);
      if (status != MDB_SUCCESS) break;
      tables.push_back(table);
    }
    if (status != MDB_SUCCESS) {
      mdb_txn_abort(transaction);
      fail(path, status);
    }
    check(mdb_txn_commit(transaction));
  }

  /// Of a file that ends before its last page some page is missing, or was never used: all are read. Throws ShrunkFile.
  void require_whole() const {
    MDB_envinfo info{};
    MDB_stat pages{};
    struct stat file{};
    check(mdb_env_info(environment, &info));
    check(mdb_env_stat(environment, &pages));
    if (::stat(path.c_str(), &file) != 0) fail(path, errno);
    if (static_cast<std::size_t>(file.st_size) >= (info.me_last_pgno + 1) * pages.ms_psize) return;
    MDB_txn* transaction = nullptr;
    check(begin_transaction(environment, MDB_RDONLY, &transaction));
    int status = read_all(transaction, kFreePages);
    for (const MDB_dbi table : tables)
      if (status == MDB_SUCCESS) status = read_all(transaction, table);
    mdb_txn_abort(transaction);
    check(status);
    throw_if_a_file_shrank();
  }

  static int read_all(MDB_txn* transaction, MDB_dbi table) {
    MDB_cursor* cursor = nullptr;
    int status = mdb_cursor_open(transaction, table, &cursor);
    if (status != MDB_SUCCESS) return status;
    MDB_val key{}, value{};
    while ((status = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == MDB_SUCCESS) touch(bytes_in(value));
    mdb_cursor_close(cursor);
    return status == MDB_NOTFOUND ? MDB_SUCCESS : status;
  }
};

TableFile::TableFile(std::filesystem::path path, const Options& options) : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->check(mdb_env_create(&state_->environment));
  state_->check(mdb_env_set_maxdbs(state_->environment, static_cast<MDB_dbi>(options.tables.size())));
  state_->check(mdb_env_set_mapsize(state_->environment, options.map_bytes));
  const unsigned flags =
      MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | (options.durability == Durability::last_lost ? MDB_NOMETASYNC : 0U);
  state_->check(mdb_env_open(state_->environment, state_->path.c_str(), flags, kMode));
  state_->maps = ForeignMaps(state_->path, ErrorKind::disk);
  state_->lock_maps = ForeignMaps(lock_of(state_->path), ErrorKind::disk);
  int dead = 0;
  state_->check(mdb_reader_check(state_->environment, &dead));
  state_->open_tables(options.tables);
  state_->require_whole();
}

TableFile::~TableFile() = default;

bool TableFile::is_damage(const Error& error) { return error.text().expected == kUndamaged; }

/// A file that was short before it was opened is damaged, not in use.
std::shared_ptr<TableFile> TableFile::open_whole(const std::filesystem::path& path, const Options& options) {
  try {
    return std::shared_ptr<TableFile>(new TableFile(path, options));
  } catch (const Error& error) {
    bool is_short = error.text().where == path.string() && dynamic_cast<const ShrunkFile*>(&error) != nullptr;
    try {
      throw_if_a_file_shrank();  // of its maps, which are gone, it is told once
    } catch (const ShrunkFile& shrunk) {
      if (shrunk.text().where != path.string()) throw;
      is_short = true;
    }
    if (is_short) fail(path, MDB_CORRUPTED);
    throw;
  }
}

std::shared_ptr<TableFile> TableFile::open(const std::filesystem::path& path, const Options& options) {
  const std::lock_guard lock(open_files_mutex);
  const FileKey key = create(path);
  if (std::shared_ptr<TableFile> file = open_files[key].lock()) return file;
  reserve_lock(path);
  std::shared_ptr<TableFile> file = open_whole(path, options);
  std::erase_if(open_files, [](const auto& entry) { return entry.second.expired(); });
  open_files[key] = file;
  return file;
}

TableFile::Reader::Reader(std::shared_ptr<const TableFile> file) : file_(std::move(file)) {
  TableFile::State& state = *file_->state_;
  for (;;) {
    MDB_txn* transaction = nullptr;
    std::shared_lock lock(state.resizing);
    const int status = begin_transaction(state.environment, MDB_RDONLY, &transaction);
    if (status == MDB_SUCCESS) {
      transaction_ = transaction;
      lock.release();  // as long as this reads
      return;
    }
    lock.unlock();
    if (status != MDB_MAP_RESIZED) fail(state.path, status);
    state.adopt_size();
  }
}

TableFile::Reader::~Reader() {
  mdb_txn_abort(static_cast<MDB_txn*>(transaction_));
  file_->state_->resizing.unlock_shared();
}

std::span<const std::byte> TableFile::Reader::get(std::size_t table, std::span<const std::byte> key) const {
  MDB_val name = value_of(key), value{};
  const int status = mdb_get(static_cast<MDB_txn*>(transaction_), file_->state_->tables.at(table), &name, &value);
  if (status == MDB_NOTFOUND) {
    throw_if_a_file_shrank();
    return {};
  }
  file_->state_->check(status);
  const std::span<const std::byte> found = bytes_in(value);
  touch(found);
  throw_if_a_file_shrank();
  return found;
}

std::size_t TableFile::Reader::entries(std::size_t table) const {
  MDB_stat info{};
  file_->state_->check(mdb_stat(static_cast<MDB_txn*>(transaction_), file_->state_->tables.at(table), &info));
  return info.ms_entries;
}

void TableFile::Writer::put(std::size_t table, std::span<const std::byte> key, std::span<const std::byte> value) {
  MDB_val name = value_of(key), content = value_of(value);
  const int status = mdb_put(static_cast<MDB_txn*>(transaction_), file_.state_->tables.at(table), &name, &content, 0);
  if (status == MDB_MAP_FULL) throw MapFull{};
  file_.state_->check(status);
}

void TableFile::Writer::clear(std::size_t table) {
  file_.state_->check(mdb_drop(static_cast<MDB_txn*>(transaction_), file_.state_->tables.at(table), 0));
}

void TableFile::write(const std::function<void(Writer&)>& change) {
  for (;;) {
    int status = MDB_SUCCESS;
    {
      const std::shared_lock lock(state_->resizing);
      MDB_txn* transaction = nullptr;
      status = begin_transaction(state_->environment, 0, &transaction);
      if (status == MDB_SUCCESS) {
        try {
          Writer writer(*this, transaction);
          change(writer);
          throw_if_a_file_shrank();
          status = mdb_txn_commit(transaction);
        } catch (const MapFull&) {
          mdb_txn_abort(transaction);
          status = MDB_MAP_FULL;
        } catch (...) {
          mdb_txn_abort(transaction);
          throw;
        }
      }
    }
    if (status == MDB_SUCCESS) return;
    if (status == MDB_MAP_FULL)
      state_->grow();
    else if (status == MDB_MAP_RESIZED)
      state_->adopt_size();
    else
      fail(state_->path, status);
  }
}

}  // namespace enxerto

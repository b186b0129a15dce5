#include "enxerto/features/table_file.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

constexpr std::size_t kLockBytes = 64 << 10;
constexpr int kMode = 0644;

constexpr const char* kUndamaged = "an undamaged index";

/// Thrown inside `write` so that the transaction is undone and run again in a larger map.
struct MapFull {};

[[noreturn]] void fail(const std::filesystem::path& path, int status) {
  if (status == ENOMEM) throw memory_error(path, "cannot be mapped into memory");
  const bool damaged = status == MDB_INVALID || status == MDB_CORRUPTED || status == MDB_VERSION_MISMATCH ||
                       status == MDB_PAGE_NOTFOUND || status == MDB_PANIC;
  throw disk_error(
      path.string(), mdb_strerror(status), damaged ? kUndamaged : "an index that can be read and written",
      damaged ? "enxerto cache clear" : "free some space, name another folder in ENXERTO_CACHE, or use --no-cache");
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

void reserve_lock(const std::filesystem::path& path) {
  const std::filesystem::path lock = path.string() + "-lock";
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  struct stat info{};
  if (descriptor < 0 || fstat(descriptor, &info) != 0) fail(lock, errno);
  const int status = info.st_size == 0 ? posix_fallocate(descriptor, 0, kLockBytes) : 0;
  ::close(descriptor);
  if (status != 0 && status != EOPNOTSUPP) fail(lock, status);
}

}  // namespace

struct TableFile::State {
  std::filesystem::path path;
  MDB_env* environment = nullptr;
  std::vector<MDB_dbi> tables;
  mutable std::shared_mutex resizing;  // held alone while the map is given another size

  ~State() {
    if (environment != nullptr) mdb_env_close(environment);
  }

  void check(int status) const {
    if (status != MDB_SUCCESS) fail(path, status);
  }

  /// Adopts the size that another process has given the map.
  void adopt_size() {
    const std::unique_lock lock(resizing);
    check(mdb_env_set_mapsize(environment, 0));
  }

  void grow() {
    const std::unique_lock lock(resizing);
    MDB_envinfo info{};
    check(mdb_env_info(environment, &info));
    check(mdb_env_set_mapsize(environment, info.me_mapsize * 2));
  }

  void open_tables(const std::vector<std::string>& names) {
    MDB_txn* transaction = nullptr;
    int status = mdb_txn_begin(environment, nullptr, 0, &transaction);
    if (status == MDB_MAP_RESIZED) {
      adopt_size();
      status = mdb_txn_begin(environment, nullptr, 0, &transaction);
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
};

TableFile::TableFile(std::filesystem::path path, const Options& options) : state_(std::make_unique<State>()) {
  state_->path = std::move(path);
  state_->check(mdb_env_create(&state_->environment));
  state_->check(mdb_env_set_maxdbs(state_->environment, static_cast<MDB_dbi>(options.tables.size())));
  state_->check(mdb_env_set_mapsize(state_->environment, options.map_bytes));
  const unsigned flags =
      MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | (options.durability == Durability::last_lost ? MDB_NOMETASYNC : 0U);
  state_->check(mdb_env_open(state_->environment, state_->path.c_str(), flags, kMode));
  int dead = 0;
  state_->check(mdb_reader_check(state_->environment, &dead));
  state_->open_tables(options.tables);
}

TableFile::~TableFile() = default;

bool TableFile::is_damage(const Error& error) { return error.text().expected == kUndamaged; }

std::shared_ptr<TableFile> TableFile::open(const std::filesystem::path& path, const Options& options) {
  const std::lock_guard lock(open_files_mutex);
  const FileKey key = create(path);
  if (std::shared_ptr<TableFile> file = open_files[key].lock()) return file;
  reserve_lock(path);
  std::shared_ptr<TableFile> file(new TableFile(path, options));
  std::erase_if(open_files, [](const auto& entry) { return entry.second.expired(); });
  open_files[key] = file;
  return file;
}

TableFile::Reader::Reader(std::shared_ptr<const TableFile> file) : file_(std::move(file)), transaction_(nullptr) {
  TableFile::State& state = *file_->state_;
  for (;;) {
    MDB_txn* transaction = nullptr;
    state.resizing.lock_shared();
    const int status = mdb_txn_begin(state.environment, nullptr, MDB_RDONLY, &transaction);
    if (status == MDB_SUCCESS) {
      transaction_ = transaction;
      return;
    }
    state.resizing.unlock_shared();
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
  if (status == MDB_NOTFOUND) return {};
  file_->state_->check(status);
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
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
      status = mdb_txn_begin(state_->environment, nullptr, 0, &transaction);
      if (status == MDB_SUCCESS) {
        try {
          Writer writer(*this, transaction);
          change(writer);
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

#include "enxerto/features/space.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/features/group_commit.h"
#include "enxerto/features/segment.h"
#include "enxerto/features/table_file.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/file_lock.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kRecordLimit = 1 << 16;

/// What the index holds for a content, in the processor's byte order: a cache stays on its machine.
struct IndexValue {
  std::uint32_t segment = 0, zero = 0;
  std::uint64_t row = 0, checksum = 0;
};

template <typename T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

class Space final : public RowStore {
 public:
  Space(std::filesystem::path folder, FileLock in_use, std::size_t row_bytes)
      : folder_(std::move(folder)),
        in_use_(std::move(in_use)),
        row_bytes_(row_bytes),
        index_(TableFile::open(folder_ / "index.lmdb", {.tables = {"rows"}})) {}

  void find(std::span<const Hash128> contents, std::span<RowPlace> places) const override {
    const TableFile::Reader reader(index_);
    for (std::size_t i = 0; i < contents.size(); ++i) {
      places[i] = {};
      IndexValue value;
      const std::span<const std::byte> found = reader.get(0, bytes_of(contents[i]));
      if (found.size() != sizeof value) continue;
      std::memcpy(&value, found.data(), sizeof value);
      const std::byte* row = map_of(value.segment).row(value.row);
      const bool whole = row != nullptr && XXH3_64bits(row, row_bytes_) == value.checksum;
      places[i] = {.row = value.row,
                   .segment = value.segment,
                   .state = whole ? RowPlace::State::found : RowPlace::State::damaged,
                   .fresh = false};
    }
  }

  RowPlace append(std::span<const Hash128> contents, std::span<const std::byte> rows) override {
    start_writing();
    const std::uint64_t first = writer_->append(rows);
    std::vector<IndexEntry> entries;
    entries.reserve(contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const std::uint64_t checksum = XXH3_64bits(rows.data() + i * row_bytes_, row_bytes_);
      entries.push_back({.content = contents[i], .row = first + i, .checksum = checksum});
    }
    commits_->add(entries);
    return {.row = first, .segment = writer_->number(), .state = RowPlace::State::found, .fresh = true};
  }

  void finish() override {
    if (commits_) commits_->finish();
  }

  const std::byte* row(const RowPlace& place) const override {
    if (const std::byte* found = map_of(place.segment).row(place.row)) return found;
    throw_disk_error(segment_path(folder_, place.segment), "cannot be read", EIO);
  }

  bool is_shared() const override {
    const std::lock_guard lock(mutex_);
    if (!first_writer_) first_writer_ = FileLock::try_alone(folder_ / "writer");
    return !first_writer_;
  }

 private:
  void start_writing() {
    const std::lock_guard lock(mutex_);
    if (commits_) return;
    writer_.reset(new SegmentWriter(SegmentWriter::claim(folder_, row_bytes_)));
    sync_directory(folder_);
    commits_ = std::make_unique<GroupCommit>([this](const std::vector<IndexEntry>& entries) { commit(entries); });
  }

  /// Rows first, index after: a row that the index names is on the disk.
  void commit(const std::vector<IndexEntry>& entries) {
    writer_->sync();
    index_->write([&](TableFile::Writer& index) {
      for (const IndexEntry& entry : entries) {
        const IndexValue value{.segment = writer_->number(), .zero = 0, .row = entry.row, .checksum = entry.checksum};
        index.put(0, bytes_of(entry.content), bytes_of(value));
      }
    });
  }

  const SegmentMap& map_of(std::uint32_t segment) const {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<SegmentMap>& map = maps_[segment];
    if (!map) map = std::make_unique<SegmentMap>(segment_path(folder_, segment), row_bytes_);
    return *map;
  }

  std::filesystem::path folder_;
  FileLock in_use_;
  std::size_t row_bytes_;
  std::shared_ptr<TableFile> index_;
  mutable std::mutex mutex_;
  mutable std::map<std::uint32_t, std::unique_ptr<SegmentMap>> maps_;
  mutable std::optional<FileLock> first_writer_;
  std::unique_ptr<SegmentWriter> writer_;
  std::unique_ptr<GroupCommit> commits_;  // last: its thread ends before what it writes to goes
};

/// The lock of the space, on a file that is still in its folder: it may have been deleted in between.
FileLock lock_space(const std::filesystem::path& folder) {
  for (;;) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw_disk_error(folder, "cannot be created", error.value());
    FileLock lock = FileLock::shared(folder / "in_use");
    if (!lock.is(folder / "in_use")) continue;
    futimens(lock.descriptor(), nullptr);
    return lock;
  }
}

void check_record(const std::filesystem::path& folder, const SpaceRecord& record) {
  const std::filesystem::path path = folder / "space.json";
  if (!std::filesystem::exists(path)) {
    Json json{{"schema_version", 1}, {"description", record.description}, {"row_shape", record.row_shape}};
    if (record.dtype != DType::f32) json["dtype"] = name_of(record.dtype);
    write_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return;
  }
  const Json json = read_json(path, kRecordLimit, ErrorKind::disk);
  const auto shape = member<Shape>(json, "row_shape", path.string(), ErrorKind::disk);
  const std::string dtype =
      json.contains("dtype") ? member<std::string>(json, "dtype", path.string(), ErrorKind::disk) : "float32";
  if (shape != record.row_shape || dtype != name_of(record.dtype))
    throw Error(ErrorKind::disk,
                {.where = path.string(),
                 .found = fmt::format("rows of shape {} and {}", to_string(shape), dtype),
                 .expected = fmt::format("{} and {}", to_string(record.row_shape), name_of(record.dtype)),
                 .tip = "enxerto cache clear"});
}

}  // namespace

std::shared_ptr<RowStore> open_space(const std::filesystem::path& folder, const SpaceRecord& record) {
  const std::size_t row_bytes = element_count(record.row_shape) * size_of(record.dtype);
  try {
    FileLock lock = lock_space(folder);
    check_record(folder, record);
    return std::make_shared<Space>(folder, std::move(lock), row_bytes);
  } catch (const Error& error) {
    // Without its index the rows are worthless: they are computed again in a new space, unless somebody uses this one.
    if (!TableFile::is_damage(error) || !delete_space(folder)) throw;
  }
  FileLock lock = lock_space(folder);
  check_record(folder, record);
  return std::make_shared<Space>(folder, std::move(lock), row_bytes);
}

}  // namespace enxerto

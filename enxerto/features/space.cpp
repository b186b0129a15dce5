#include "enxerto/features/space.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <map>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/base/row_record.h"
#include "enxerto/features/group_commit.h"
#include "enxerto/features/segment.h"
#include "enxerto/features/table_file.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/file_lock.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kRecordLimit = 1 << 16;

/// What the index holds for a content, in the processor's byte order: a cache stays on its machine. The last member is
/// there in spaces of varying records only.
struct IndexValue {
  std::uint32_t segment = 0, zero = 0;
  std::uint64_t row = 0, checksum = 0;
  std::uint64_t bytes = 0;
};
constexpr std::size_t kFixedIndexBytes = offsetof(IndexValue, bytes);

template <typename T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

class Space final : public RowStore {
 public:
  Space(std::filesystem::path folder, FileLock in_use, std::size_t record_bytes)
      : folder_(std::move(folder)),
        in_use_(std::move(in_use)),
        record_bytes_(record_bytes),
        index_(TableFile::open(folder_ / "index.lmdb", {.tables = {"rows"}})) {}

  void find(std::span<const Hash128> contents, std::span<RowPlace> places) const override {
    const TableFile::Reader reader(index_);
    for (std::size_t i = 0; i < contents.size(); ++i) {
      places[i] = {};
      IndexValue value;
      const std::span<const std::byte> found = reader.get(0, bytes_of(contents[i]));
      if (found.size() != index_bytes()) continue;
      std::memcpy(&value, found.data(), found.size());
      if (record_bytes_ > 0) value.bytes = record_bytes_;
      const std::byte* record = map_of(value.segment).units(value.row, value.bytes);
      const bool whole = record != nullptr && XXH3_64bits(record, value.bytes) == value.checksum;
      places[i] = {.row = value.row,
                   .bytes = value.bytes,
                   .segment = value.segment,
                   .state = whole ? RowPlace::State::found : RowPlace::State::damaged,
                   .fresh = false};
    }
  }

  std::vector<RowPlace> append(std::span<const Hash128> contents, const NewRecords& records) override {
    start_writing();
    const RowPlace first{.row = writer_->append(records.bytes),
                         .segment = writer_->number(),
                         .state = RowPlace::State::found,
                         .fresh = true};
    std::vector<RowPlace> places = places_from(first, record_bytes_, contents.size(), records);
    std::vector<IndexEntry> entries;
    entries.reserve(contents.size());
    const std::byte* record = records.bytes.data();
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const std::uint64_t checksum = XXH3_64bits(record, places[i].bytes);
      entries.push_back({.content = contents[i], .row = places[i].row, .checksum = checksum, .bytes = places[i].bytes});
      record += places[i].bytes;
    }
    commits_->add(entries);
    return places;
  }

  void finish() override {
    if (commits_) commits_->finish();
  }

  std::span<const std::byte> record(const RowPlace& place) const override {
    if (const std::byte* found = map_of(place.segment).units(place.row, place.bytes)) return {found, place.bytes};
    throw_disk_error(segment_path(folder_, place.segment), "cannot be read", EIO);
  }

  bool is_shared() const override {
    const std::lock_guard lock(mutex_);
    if (!first_writer_) first_writer_ = FileLock::try_alone(folder_ / "writer");
    return !first_writer_;
  }

 private:
  std::size_t index_bytes() const { return record_bytes_ > 0 ? kFixedIndexBytes : sizeof(IndexValue); }

  void start_writing() {
    const std::lock_guard lock(mutex_);
    if (commits_) return;
    // NOLINTNEXTLINE(modernize-make-unique): it holds a mutex, so that it is made where it stays
    writer_.reset(new SegmentWriter(SegmentWriter::claim(folder_, segment_unit(record_bytes_))));
    sync_directory(folder_);
    commits_ = std::make_unique<GroupCommit>([this](const std::vector<IndexEntry>& entries) { commit(entries); });
  }

  /// Rows first, index after: a row that the index names is on the disk.
  void commit(const std::vector<IndexEntry>& entries) {
    writer_->sync();
    index_->write([&](TableFile::Writer& index) {
      for (const IndexEntry& entry : entries) {
        const IndexValue value{.segment = writer_->number(),
                               .zero = 0,
                               .row = entry.row,
                               .checksum = entry.checksum,
                               .bytes = entry.bytes};
        index.put(0, bytes_of(entry.content), bytes_of(value).first(index_bytes()));
      }
    });
  }

  const SegmentMap& map_of(std::uint32_t segment) const {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<SegmentMap>& map = maps_[segment];
    if (!map) map = std::make_unique<SegmentMap>(segment_path(folder_, segment), segment_unit(record_bytes_));
    return *map;
  }

  std::filesystem::path folder_;
  FileLock in_use_;
  std::size_t record_bytes_;  // 0: they vary
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

/// The shape alone for a matrix, as ever since; else every value.
Json written(const RowLayout& layout) {
  if (layout.is_matrix()) return {{"row_shape", layout.values[0].shape}};
  Json values = Json::array();
  for (const InputSpec& value : layout.values)
    values.push_back({{"name", value.name}, {"dtype", name_of(value.dtype)}, {"shape", value.shape}});
  return {{"values", std::move(values)}};
}

/// Neither what the space says of its rows nor the checksum of that can be trusted.
class DamagedRecord : public Error {
 public:
  explicit DamagedRecord(const std::filesystem::path& path)
      : Error(disk_error(path.string(), "is damaged, and in use by another program", "an undamaged feature space",
                         "wait until the other program has ended and start again")) {}
};

std::string checksum_of(const Json& layout) {
  const std::string text = layout.dump();
  return fmt::format("{:016x}\n", XXH3_64bits(text.data(), text.size()));
}

void write_record(const std::filesystem::path& path, const std::string& description, const Json& layout) {
  Json json{{"schema_version", 1}, {"description", description}};
  json.update(layout);
  write_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// What a file of the space says; nullopt where it is missing or no longer readable.
std::optional<std::string> text_in(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  return read_text(path, kRecordLimit, ErrorKind::disk);
}

std::optional<Json> layout_in(const std::string& text, const std::filesystem::path& path) {
  try {
    Json json = parse_json(text, path.string(), ErrorKind::disk);
    if (!json.is_object()) return std::nullopt;
    json.erase("schema_version");
    json.erase("description");
    return json;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// The name of a space is the hash of all that decides its rows, so another layout is damage or a fault of a program;
/// which of the two, space.json and its checksum together tell. Throws DamagedRecord.
void check_record(const std::filesystem::path& folder, const SpaceRecord& record, std::vector<std::string>& repairs) {
  const std::filesystem::path path = folder / "space.json", sum_path = folder / "space.xxh3";
  Json wanted = written(record.layout);
  if (record.storage != DType::f32) wanted["dtype"] = name_of(record.storage);
  const std::optional<std::string> text = text_in(path), sum = text_in(sum_path);
  const bool sum_fits = sum == checksum_of(wanted);
  const std::optional<Json> found = text ? layout_in(*text, path) : std::nullopt;
  if (found == wanted) {
    if (!sum_fits) write_atomically(sum_path, checksum_of(wanted));
    return;
  }
  if (!text || sum_fits) {
    write_record(path, record.description, wanted);
    if (!sum_fits) write_atomically(sum_path, checksum_of(wanted));
    if (text) repairs.push_back(fmt::format("{} was damaged and has been rewritten", path.string()));
    return;
  }
  if (!found || (sum && *sum != checksum_of(*found))) throw DamagedRecord(path);
  throw disk_error(path.string(), "rows of " + found->dump(), wanted.dump(), "enxerto cache clear");
}

std::shared_ptr<RowStore> open_whole(const std::filesystem::path& folder, const SpaceRecord& record,
                                     std::vector<std::string>& repairs) {
  const std::size_t bytes = record.layout.fixed() ? record_bytes(record.layout, record.storage) : 0;
  FileLock lock = lock_space(folder);
  check_record(folder, record, repairs);
  return std::make_shared<Space>(folder, std::move(lock), bytes);
}

}  // namespace

std::shared_ptr<RowStore> open_space(const std::filesystem::path& folder, const SpaceRecord& record,
                                     std::vector<std::string>* repairs) {
  std::vector<std::string> unread;
  std::vector<std::string>& told = repairs != nullptr ? *repairs : unread;
  try {
    return open_whole(folder, record, told);
  } catch (const Error& error) {
    // Without its index the rows are worthless: they are computed again in a new space, unless somebody uses this one.
    const bool damaged = TableFile::is_damage(error) || dynamic_cast<const DamagedRecord*>(&error) != nullptr;
    if (!damaged || !delete_space(folder)) throw;
  }
  told.push_back(fmt::format("{} was damaged: its rows are computed again", folder.string()));
  return open_whole(folder, record, told);
}

}  // namespace enxerto

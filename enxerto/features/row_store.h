#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

/// Where a record lies.
struct RowPlace {
  enum class State : std::uint8_t { missing, damaged, found };
  std::uint64_t row = 0;  ///< its number in the segment, counted in records, or in `kRecordUnit` where they vary
  std::uint64_t bytes = 0;
  std::uint32_t segment = 0;
  State state = State::missing;
  bool fresh = false;  ///< computed in this run
  bool found() const { return state == State::found; }
};

/// Records one after another.
struct NewRecords {
  std::span<const std::byte> bytes;
  /// Of each, in multiples of `kRecordUnit`; empty in a store of records of one size.
  std::span<const std::size_t> lengths = {};
};

/// Records in bytes, of one size or of varying ones, by the content, or content and view, that they belong to. Safe
/// from many threads.
class RowStore {
 public:
  virtual ~RowStore() = default;

  /// The place of each content's record; a record whose checksum is wrong is `damaged`. Throws Error{disk}.
  virtual void find(std::span<const Hash128> contents, std::span<RowPlace> places) const = 0;

  /// Adds one record a content and returns their places. They are there for other processes, and after a kill, a moment
  /// later. Throws Error{disk}, also for what failed in the meantime.
  virtual std::vector<RowPlace> append(std::span<const Hash128> contents, const NewRecords& records) = 0;

  /// Waits until all that was appended is there for good. Throws Error{disk}.
  virtual void finish() = 0;

  /// Mapped memory, valid as long as the store. Throws Error{disk} where the record cannot be read.
  virtual std::span<const std::byte> record(const RowPlace& place) const = 0;

  /// True where another process adds records to the same store.
  virtual bool is_shared() const = 0;
};

/// Places of records that were written one after another from `first` on, as `RowPlace::row` counts. `record_bytes` 0:
/// they vary.
std::vector<RowPlace> places_from(const RowPlace& first, std::size_t record_bytes, std::size_t records,
                                  const NewRecords& added);

/// Records in a temporary file without a name; gone with the store. `record_bytes` 0: of varying length.
std::shared_ptr<RowStore> temporary_rows(std::size_t record_bytes);

}  // namespace enxerto

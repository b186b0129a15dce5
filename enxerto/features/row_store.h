#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

/// Where a row lies.
struct RowPlace {
  enum class State : std::uint8_t { missing, damaged, found };
  std::uint64_t row = 0;
  std::uint32_t segment = 0;
  State state = State::missing;
  bool fresh = false;  ///< computed in this run
  bool found() const { return state == State::found; }
};

/// Rows of equal size in bytes by the content, or content and view, that they belong to. Safe from many threads.
class RowStore {
 public:
  virtual ~RowStore() = default;

  /// The place of each content's row; a row whose checksum is wrong is `damaged`. Throws Error{disk}.
  virtual void find(std::span<const Hash128> contents, std::span<RowPlace> places) const = 0;

  /// Adds one row a content and returns the place of the first; the others follow it. They are there for other
  /// processes, and after a kill, a moment later. Throws Error{disk}, also for what failed in the meantime.
  virtual RowPlace append(std::span<const Hash128> contents, std::span<const std::byte> rows) = 0;

  /// Waits until all that was appended is there for good. Throws Error{disk}.
  virtual void finish() = 0;

  /// Mapped memory, valid as long as the store. Throws Error{disk} where the row cannot be read.
  virtual const std::byte* row(const RowPlace& place) const = 0;

  /// True where another process adds rows to the same store.
  virtual bool is_shared() const = 0;
};

/// Rows in a temporary file without a name; gone with the store.
std::shared_ptr<RowStore> temporary_rows(std::size_t row_bytes);

}  // namespace enxerto

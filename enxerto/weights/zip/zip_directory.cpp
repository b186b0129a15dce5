#include "enxerto/weights/zip/zip_directory.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::uint32_t kEntrySignature = 0x02014b50, kLocalSignature = 0x04034b50, kEndSignature = 0x06054b50,
                        kEnd64Signature = 0x06064b50, kLocator64Signature = 0x07064b50;
constexpr std::size_t kEndBytes = 22, kLocator64Bytes = 20, kEntryBytes = 46, kLongestComment = 65535;
constexpr std::uint16_t kZip64Field = 1, kEncryptedFlag = 1;
constexpr std::uint32_t kIn64 = 0xffffffff;

[[noreturn]] void fail_zip(std::string_view where, std::string found) {
  throw_weights_error(where, {.found = std::move(found), .expected = "a complete zip archive"});
}

struct Directory {
  std::uint64_t offset = 0, size = 0, entries = 0;
};

std::size_t find_end(std::span<const std::byte> bytes, std::string_view where) {
  const std::size_t first = bytes.size() - std::min(bytes.size(), kEndBytes + kLongestComment);
  for (std::size_t at = bytes.size() - std::min(bytes.size(), kEndBytes) + 1; at-- > first;) {
    ByteCursor cursor(bytes.subspan(at), where);
    if (cursor.left() < kEndBytes || cursor.number<std::uint32_t>() != kEndSignature) continue;
    cursor.take(16);
    // A comment may hold the signature too; the true end record is the one that reaches to the end of the file.
    if (cursor.number<std::uint16_t>() == cursor.left()) return at;
  }
  fail_zip(where, "is a zip archive without its end: truncated");
}

Directory directory64(std::span<const std::byte> bytes, std::size_t end, std::string_view where) {
  if (end < kLocator64Bytes) fail_zip(where, "has no room for the zip64 locator");
  ByteCursor locator(bytes.subspan(end - kLocator64Bytes), where);
  if (locator.number<std::uint32_t>() != kLocator64Signature) fail_zip(where, "has no zip64 locator");
  locator.take(4);
  const auto offset = locator.number<std::uint64_t>();
  if (offset > end) fail_zip(where, "has its zip64 end record outside of the file");
  ByteCursor record(bytes.subspan(to_size(offset)), where);
  if (record.number<std::uint32_t>() != kEnd64Signature) fail_zip(where, "has no zip64 end record");
  record.take(28);
  Directory directory;
  directory.entries = record.number<std::uint64_t>();
  directory.size = record.number<std::uint64_t>();
  directory.offset = record.number<std::uint64_t>();
  return directory;
}

Directory find_directory(std::span<const std::byte> bytes, std::string_view where) {
  const std::size_t end = find_end(bytes, where);
  ByteCursor cursor(bytes.subspan(end + 4), where);
  if (cursor.number<std::uint32_t>() != 0) fail_zip(where, "is one part of a split zip archive");
  cursor.take(2);
  Directory directory;
  directory.entries = cursor.number<std::uint16_t>();
  directory.size = cursor.number<std::uint32_t>();
  directory.offset = cursor.number<std::uint32_t>();
  if (directory.entries == 0xffff || directory.size == kIn64 || directory.offset == kIn64) {
    directory = directory64(bytes, end, where);
  }
  if (directory.offset > end || directory.size > end - directory.offset) {
    fail_zip(where, "has its zip directory outside of the file");
  }
  if (directory.entries > directory.size / kEntryBytes) {
    fail_zip(where, fmt::format("declares {} files in a zip directory of {} bytes", directory.entries, directory.size));
  }
  return directory;
}

void read_zip64_field(ZipEntry& entry, std::span<const std::byte> extra, std::string_view where) {
  ByteCursor fields(extra, where);
  while (fields.left() >= 4) {
    const auto id = fields.number<std::uint16_t>();
    ByteCursor field(fields.take(fields.number<std::uint16_t>()), where);
    if (id != kZip64Field) continue;
    for (std::uint64_t* const value : {&entry.size, &entry.stored_size, &entry.header}) {
      if (*value == kIn64) *value = field.number<std::uint64_t>();
    }
  }
}

ZipEntry read_entry(ByteCursor& cursor) {
  const std::string_view where = cursor.where();
  if (cursor.number<std::uint32_t>() != kEntrySignature) fail_zip(where, "has a damaged zip directory");
  cursor.take(4);
  ZipEntry entry;
  const auto flags = cursor.number<std::uint16_t>();
  entry.method = cursor.number<std::uint16_t>();
  cursor.take(4);
  entry.crc = cursor.number<std::uint32_t>();
  entry.stored_size = cursor.number<std::uint32_t>();
  entry.size = cursor.number<std::uint32_t>();
  const auto name_bytes = cursor.number<std::uint16_t>();
  const auto extra_bytes = cursor.number<std::uint16_t>();
  const auto comment_bytes = cursor.number<std::uint16_t>();
  cursor.take(8);
  entry.header = cursor.number<std::uint32_t>();
  entry.name = cursor.text(name_bytes);
  read_zip64_field(entry, cursor.take(extra_bytes), where);
  cursor.take(comment_bytes);
  if ((flags & kEncryptedFlag) != 0) fail_zip(where, "has the encrypted file " + shown(entry.name));
  return entry;
}

void locate(ZipEntry& entry, std::span<const std::byte> bytes, std::uint64_t limit, std::string_view where) {
  if (entry.header >= limit) fail_zip(where, "has the file " + shown(entry.name) + " outside of the archive");
  ByteCursor local(bytes.subspan(to_size(entry.header)), where);
  if (local.number<std::uint32_t>() != kLocalSignature)
    fail_zip(where, "has no file " + shown(entry.name) + " where it should be");
  local.take(22);
  const auto name_bytes = local.number<std::uint16_t>();
  const auto extra_bytes = local.number<std::uint16_t>();
  if (local.text(name_bytes) != entry.name)
    fail_zip(where, "has another name than " + shown(entry.name) + " in front of its bytes");
  local.take(extra_bytes);
  entry.begin = entry.header + local.position();
  if (entry.begin > limit || entry.stored_size > limit - entry.begin) {
    fail_zip(where,
             fmt::format("declares {} bytes for {}, more than are stored", entry.stored_size, shown(entry.name)));
  }
  if (entry.method == 0 && entry.size != entry.stored_size) {
    fail_zip(where,
             fmt::format("declares {} bytes for {} and stores {}", entry.size, shown(entry.name), entry.stored_size));
  }
}

void check_apart(const std::vector<ZipEntry>& entries, std::string_view where) {
  std::vector<const ZipEntry*> order;
  for (const ZipEntry& entry : entries) order.push_back(&entry);
  std::ranges::sort(order, {}, [](const ZipEntry* entry) { return entry->header; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (order[i]->header < order[i - 1]->begin + order[i - 1]->stored_size) {
      fail_zip(where,
               fmt::format("has {} and {} at the same offset", shown(order[i - 1]->name), shown(order[i]->name)));
    }
  }
}

}  // namespace

std::vector<ZipEntry> read_zip_directory(std::span<const std::byte> bytes, std::string_view where) {
  const Directory directory = find_directory(bytes, where);
  ByteCursor cursor(bytes.subspan(to_size(directory.offset), to_size(directory.size)), where);
  std::vector<ZipEntry> entries;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    entries.push_back(read_entry(cursor));
    locate(entries.back(), bytes, directory.offset, where);
  }
  check_apart(entries, where);
  return entries;
}

}  // namespace enxerto

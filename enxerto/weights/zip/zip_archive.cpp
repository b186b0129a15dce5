#include "enxerto/weights/zip/zip_archive.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/weight_error.h"
#include "enxerto/weights/zip/zip_directory.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kInflatedLimit = std::uint64_t{2} << 30;
constexpr std::uint64_t kHighestRatio = 1032;  // of deflate

const Bytef* zlib_bytes(const std::byte* bytes) { return reinterpret_cast<const Bytef*>(bytes); }

/// zlib counts in 32 bits, so that large files go through it piece by piece.
constexpr std::uint64_t kPiece = std::uint64_t{1} << 30;

bool inflate_whole(std::span<const std::byte> from, std::span<std::byte> to) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
  stream.next_in = const_cast<Bytef*>(zlib_bytes(from.data()));
  stream.next_out = reinterpret_cast<Bytef*>(to.data());
  std::size_t in_left = from.size(), out_left = to.size();
  int status = Z_OK;
  while (status == Z_OK) {
    if (stream.avail_in == 0) {
      stream.avail_in = static_cast<uInt>(std::min<std::uint64_t>(in_left, kPiece));
      in_left -= stream.avail_in;
    }
    if (stream.avail_out == 0) {
      stream.avail_out = static_cast<uInt>(std::min<std::uint64_t>(out_left, kPiece));
      out_left -= stream.avail_out;
    }
    status = ::inflate(&stream, Z_NO_FLUSH);
  }
  const bool whole = status == Z_STREAM_END && out_left == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return whole;
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, std::string_view where)
    : bytes_(bytes), owner_(std::move(owner)), where_(where), entries_(read_zip_directory(bytes, where)) {
  std::ranges::sort(entries_, {}, &ZipEntry::name);
  without_checksums_ = std::ranges::all_of(entries_, [](const ZipEntry& entry) { return entry.crc == 0; });
  const auto twice = std::ranges::adjacent_find(entries_, {}, &ZipEntry::name);
  if (twice == entries_.end()) return;
  throw_weights_error(where_, {.found = "has two files named " + shown(twice->name), .expected = "one"});
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(entries_, name, {}, &ZipEntry::name);
  return at != entries_.end() && at->name == name ? &*at : nullptr;
}

std::shared_ptr<const std::byte> ZipArchive::read(const ZipEntry& entry) {
  std::shared_ptr<const std::byte> data(owner_, bytes_.data() + entry.begin);
  if (entry.method != 0) data = inflated(entry);
  if (without_checksums_) return data;
  const auto crc = crc32_z(crc32_z(0, nullptr, 0), zlib_bytes(data.get()), to_size(entry.size));
  if (crc != entry.crc) {
    throw_weights_error(where_, {.found = fmt::format("{} is damaged: its CRC-32 is {:08x}", shown(entry.name), crc),
                                 .expected = fmt::format("{:08x}", entry.crc)});
  }
  return data;
}

std::shared_ptr<const std::byte> ZipArchive::inflated(const ZipEntry& entry) {
  if (entry.method != 8) {
    throw_weights_error(where_,
                        {.found = fmt::format("{} is compressed with method {}", shown(entry.name), entry.method),
                         .expected = "stored or deflated files",
                         .tip = "unpack it and pack it again without compression"});
  }
  if (entry.size > kInflatedLimit - inflated_bytes_ || entry.size / kHighestRatio > entry.stored_size) {
    throw_weights_error(where_,
                        {.found = fmt::format("{} would decompress to {} bytes", shown(entry.name), entry.size),
                         .expected = fmt::format("at most {} decompressed bytes in all", kInflatedLimit),
                         .tip = "save it again with the program that made it; neither PyTorch nor Keras compresses"});
  }
  inflated_bytes_ += entry.size;
  TensorBuffer buffer(DType::u8, {static_cast<std::int64_t>(entry.size)});
  const auto stored = bytes_.subspan(to_size(entry.begin), to_size(entry.stored_size));
  if (!inflate_whole(stored, buffer.bytes())) {
    throw_weights_error(where_, {.found = shown(entry.name) + " does not decompress to its declared size",
                                 .expected = fmt::format("{} bytes", entry.size)});
  }
  const auto whole = std::make_shared<const Tensor>(std::move(buffer).freeze());
  return {whole, whole->data()};
}

}  // namespace enxerto

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <tuple>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/aligned_bytes.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/weights/safetensors_header.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kHeaderLimit = 100'000'000;

std::string_view header_text(std::span<const std::byte> bytes, std::string_view where) {
  if (bytes.size() < kLengthBytes) {
    throw_weights_error(where, {.found = fmt::format("is {} bytes long", bytes.size()),
                                .expected = "at least the 8 bytes of the header's length"});
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kHeaderLimit) {
    throw_weights_error(where, {.found = fmt::format("declares a header of {} bytes", length),
                                .expected = fmt::format("at most {}", kHeaderLimit)});
  }
  if (length > bytes.size() - kLengthBytes) {
    throw_weights_error(
        where, {.found = fmt::format("is truncated: a header of {} bytes in a file of {}", length, bytes.size()),
                .expected = "the whole header"});
  }
  return {reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, to_size(length)};
}

void check_size(const SafetensorsEntry& entry, std::string_view where) {
  const auto bytes = byte_count(entry.dtype, entry.shape);
  if (entry.end >= entry.begin && bytes && *bytes == entry.end - entry.begin) return;
  throw_weights_error(where, {.found = fmt::format("tensor {} of shape {} lies at bytes {} to {}", shown(entry.name),
                                                   to_string(entry.shape), entry.begin, entry.end),
                              .expected = bytes ? fmt::format("{} bytes", *bytes) : "a size that can be stored"});
}

// In the order of the data each tensor begins where the one before it ended, and the last ends with the file.
void check_layout(const std::vector<SafetensorsEntry>& entries, std::uint64_t data_bytes, std::string_view where) {
  std::uint64_t end = 0;
  for (const SafetensorsEntry& entry : entries) {
    check_size(entry, where);
    if (entry.begin != end) {
      throw_weights_error(
          where,
          {.found = fmt::format("tensor {} begins at byte {}, {}", shown(entry.name), entry.begin,
                                entry.begin < end ? "inside the one before it (overlap)" : "after unused bytes (hole)"),
           .expected = fmt::format("byte {}", end)});
    }
    end = entry.end;
  }
  if (end == data_bytes) return;
  throw_weights_error(where,
                      {.found = end > data_bytes ? fmt::format("is truncated: {} bytes of data", data_bytes)
                                                 : fmt::format("{} bytes follow the last tensor", data_bytes - end),
                       .expected = fmt::format("{} bytes of data", end)});
}

}  // namespace

bool looks_like_safetensors(std::span<const std::byte> bytes) {
  if (bytes.size() <= kLengthBytes || bytes[kLengthBytes] != std::byte{'{'}) return false;
  const auto is_text = [](std::byte byte) { return byte >= std::byte{' '} && byte < std::byte{0x7f}; };
  return !std::ranges::all_of(bytes.first(kLengthBytes), is_text);
}

StateDict read_safetensors(const FileSource& file, Metadata* metadata) {
  const std::string_view text = header_text(file.bytes, file.where);
  SafetensorsHeader header = parse_safetensors_header(text, file.where);
  const std::size_t data = kLengthBytes + text.size();
  std::ranges::sort(header.entries, {},
                    [](const auto& entry) { return std::tuple(entry.begin, entry.end, std::string_view(entry.name)); });
  check_layout(header.entries, file.bytes.size() - data, file.where);
  StateDict tensors;
  for (SafetensorsEntry& entry : header.entries) {
    // Headers are padded since 2023; before, data began wherever they ended.
    auto at = aligned_bytes(
        file, {.begin = data + entry.begin, .size = entry.end - entry.begin, .width = size_of(entry.dtype)});
    tensors.set(std::move(entry.name), foreign_tensor(entry.dtype, std::move(entry.shape), std::move(at)));
  }
  if (metadata != nullptr) *metadata = std::move(header.metadata);
  return tensors;
}

StateDict read_safetensors(const std::filesystem::path& path, Metadata* metadata) {
  const MappedFile file(path, ErrorKind::weights);
  const std::string where = path.string();
  return read_safetensors({.bytes = file.bytes(), .owner = file.share(0), .where = where, .path = path}, metadata);
}

}  // namespace enxerto

#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/foreign_tensor.h"
#include "enxerto/weights/marian/marian_text.h"
#include "enxerto/weights/not_read.h"
#include "enxerto/weights/npz/npz.h"
#include "enxerto/weights/npz/npz_header.h"
#include "enxerto/weights/weight_error.h"
#include "enxerto/weights/zip/zip_archive.h"

namespace enxerto {
namespace {

constexpr std::string_view kEnding = ".npy";
using namespace std::string_view_literals;

}  // namespace

bool looks_like_npz(std::span<const std::byte> bytes) {
  constexpr std::size_t kFixed = 30, kNameLength = 26;  // of a local header
  if (beginning(bytes, 4) != "PK\x03\x04"sv || bytes.size() < kFixed) return false;
  const std::size_t length =
      std::to_integer<std::size_t>(bytes[kNameLength]) | (std::to_integer<std::size_t>(bytes[kNameLength + 1]) << 8U);
  const std::string_view name = beginning(bytes, kFixed + length).substr(kFixed);
  return name.size() == length && name.ends_with(kEnding);
}

WeightFile read_npz(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                    std::string_view where) {
  ZipArchive archive(bytes, owner, where);
  WeightFile file;
  file.format = "NumPy npz";
  for (const ZipEntry& entry : archive.entries()) {
    if (!entry.name.ends_with(kEnding))
      throw_weights_error(where, {.found = "a file " + shown(entry.name) + " beside arrays", .expected = ".npy files"});
    const std::string name(entry.name.substr(0, entry.name.size() - kEnding.size()));
    const std::shared_ptr<const std::byte> data = archive.read(entry);
    const std::string of = fmt::format("{}: {}", where, shown(name));
    const std::span<const std::byte> whole(data.get(), to_size(entry.size));
    const NpyHeader header = read_npy_header(whole, of);
    if (is_marian_text(name) && size_of(header.dtype) == 1) {
      file.metadata.emplace(name, marian_text(whole.subspan(header.begin)));
      continue;
    }
    file.tensors.set(name, foreign_tensor(header.dtype, header.shape,
                                          std::shared_ptr<const std::byte>(data, data.get() + header.begin)));
  }
  return file;
}

}  // namespace enxerto

#include "enxerto/weights/aligned_bytes.h"

#include <cstring>
#include <utility>

#include "enxerto/base/tensor.h"
#include "enxerto/files/read_at.h"

namespace enxerto {
namespace {

// Below it, opening the file costs more than the pages of the map.
constexpr std::uint64_t kLarge = 64 << 10;

}  // namespace

std::shared_ptr<const std::byte> aligned_bytes(const FileSource& source, const FilePart& part) {
  const std::byte* const at = source.bytes.data() + part.begin;
  if (part.size == 0 || reinterpret_cast<std::uintptr_t>(at) % part.width == 0) return {source.owner, at};
  TensorBuffer buffer(DType::u8, {static_cast<std::int64_t>(part.size)});
  if (part.size < kLarge || source.path.empty()) {
    std::memcpy(buffer.data(), at, buffer.size());
  } else {
    read_at(source.path, part.begin, buffer.bytes(), ErrorKind::weights);
  }
  const auto whole = std::make_shared<const Tensor>(std::move(buffer).freeze());
  return {whole, whole->data()};
}

}  // namespace enxerto

#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/weights/hdf5/answer_format.h"
#include "enxerto/weights/hdf5/parse_answer.h"
#include "enxerto/weights/keras/keras3_file.h"
#include "enxerto/weights/keras/legacy_file.h"

namespace {

using namespace enxerto;  // NOLINT(google-build-using-namespace): the whole program is this file

constexpr std::size_t kFileBytes = 1 << 16;

/// What the program enxerto-hdf5 says about a file of kFileBytes, and all that is made of it.
void read(std::span<const std::byte> answer) {
  static const std::vector<std::byte> file(kFileBytes);
  try {
    const Hdf5Group root = parse_answer({.bytes = answer, .owner = nullptr}, {.bytes = file, .owner = nullptr}, "fuzz");
    const auto model = parse_model_config(root.text("model_config"));
    const WeightFile weights = is_legacy_file(root) ? read_legacy_file(root, "fuzz")
                                                    : read_keras3_file(root, model ? &*model : nullptr, "fuzz");
    for (const auto& entry : weights.tensors) hash128(entry.second.bytes());
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::weights) __builtin_trap();
  }
}

/// The bytes as an index with a header that fits, so that the fuzzer need not guess the two lengths in it.
std::vector<std::byte> with_header(std::span<const std::byte> index) {
  const std::uint64_t numbers[] = {static_cast<std::uint64_t>(AnswerKind::tree), index.size(), kAnswerAlignment};
  const auto magic = std::as_bytes(std::span(kAnswerMagic));
  const auto lengths = std::as_bytes(std::span(numbers));
  std::vector<std::byte> answer(magic.begin(), magic.end());
  answer.insert(answer.end(), lengths.begin(), lengths.end());
  answer.insert(answer.end(), index.begin(), index.end());
  answer.resize((answer.size() + kAnswerAlignment - 1) / kAnswerAlignment * kAnswerAlignment + kAnswerAlignment);
  return answer;
}

}  // namespace

/// Whatever the helper program answers, there are tensors whose bytes can be read, or an Error{weights}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  read(bytes);
  if (size >= kAnswerHeaderBytes) read(with_header(bytes.subspan(kAnswerHeaderBytes)));
  return 0;
}

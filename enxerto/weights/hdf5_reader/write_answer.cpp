#include "enxerto/weights/hdf5_reader/write_answer.h"

#include <unistd.h>

#include <bit>
#include <cerrno>
#include <memory>

#include "enxerto/weights/hdf5_reader/answer_text.h"

namespace enxerto {
namespace {

static_assert(std::endian::native == std::endian::little);

void write_all(const char* bytes, std::uint64_t count) {
  while (count > 0) {
    const ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw WritingFailed{};
    bytes += written;
    count -= static_cast<std::uint64_t>(written);
  }
}

std::string header(AnswerKind kind, std::uint64_t index_bytes, std::uint64_t data_bytes) {
  std::string text(kAnswerMagic);
  add_number(text, static_cast<std::uint64_t>(kind));
  add_number(text, index_bytes);
  add_number(text, data_bytes);
  return text;
}

std::string padded(std::string text) {
  text.resize((text.size() + kAnswerAlignment - 1) / kAnswerAlignment * kAnswerAlignment, '\0');
  return text;
}

}  // namespace

void write_tree(const FileIndex& index) {
  const std::string head = padded(header(AnswerKind::tree, index.text.size(), index.data_bytes) + index.text);
  write_all(head.data(), head.size());
  for (const PackedDataSet& packed : index.packed) {
    const std::uint64_t room = (packed.set.bytes + kAnswerAlignment - 1) / kAnswerAlignment * kAnswerAlignment;
    const auto values = std::make_unique<char[]>(room);
    if (room > 0) read_data_set(packed.handle.get(), packed.set, values.get());
    write_all(values.get(), room);
  }
}

void write_refusal(const Refusal& refusal) {
  std::string text;
  for (const std::string* const part : {&refusal.found, &refusal.expected, &refusal.tip}) add_text(text, *part);
  const std::string answer = padded(header(AnswerKind::refusal, text.size(), 0) + text);
  write_all(answer.data(), answer.size());
}

}  // namespace enxerto

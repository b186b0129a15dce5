#include "enxerto/data/passed_over.h"

#include <fmt/format.h>

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 3;

/// Length of the UTF-8 sequence at the front of `text`; 0 where there is none (RFC 3629: shortest forms, no
/// surrogates).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF5 ? 0 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

void PassedOver::add(std::string_view reason, std::string_view name) {
  auto heap = heaps_.find(reason);
  if (heap == heaps_.end()) heap = heaps_.emplace(std::string(reason), Heap{}).first;
  if (heap->second.count++ < kNamed) heap->second.first.push_back(printable(name));
}

void PassedOver::add(const PassedOver& other) {
  for (const auto& [reason, heap] : other.heaps_) {
    Heap& mine = heaps_[reason];
    mine.count += heap.count;
    for (const std::string& name : heap.first) {
      if (mine.first.size() < kNamed) mine.first.push_back(name);
    }
  }
}

void PassedOver::tell(Progress& progress) const {
  for (const auto& [reason, heap] : heaps_)
    progress.notice(fmt::format("{} {} passed over: {}{}", heap.count, reason, fmt::join(heap.first, ", "),
                                heap.count > heap.first.size() ? ", ..." : ""));
}

std::string printable(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size();) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const std::size_t length = utf8_length(name.substr(i));
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      text += fmt::format("\\x{:02x}", byte);
      ++i;
      continue;
    }
    text.append(name, i, length);
    i += length;
  }
  return text;
}

}  // namespace enxerto

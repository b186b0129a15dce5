#include "enxerto/report/event_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace enxerto {
namespace {

constexpr std::string_view kValidationPrefix = "val_";

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), as TensorBoard masks it.
std::uint32_t masked_crc(std::string_view bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      made[i] = i;
      for (int bit = 0; bit < 8; ++bit) made[i] = (made[i] >> 1U) ^ ((made[i] & 1U) != 0 ? 0x82f63b78U : 0U);
    }
    return made;
  }();
  std::uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xffU] ^ (crc >> 8U);
  crc = ~crc;
  return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
}

/// Numbers lie in files as they lie in memory here: little-endian.
template <typename T>
std::string bytes_of(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// A message of Protocol Buffers, field by field.
class Message {
 public:
  Message& number(int field, std::uint64_t value) {
    key(field, 0);
    varint(value);
    return *this;
  }
  Message& fixed(int field, double value) {
    key(field, 1);
    text_ += bytes_of(value);
    return *this;
  }
  Message& fixed(int field, float value) {
    key(field, 5);
    text_ += bytes_of(value);
    return *this;
  }
  Message& bytes(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    text_ += value;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  void key(int field, unsigned wire_type) { varint(static_cast<std::uint64_t>(field) << 3U | wire_type); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) text_ += static_cast<char>(value | 0x80U);
    text_ += static_cast<char>(value);
  }

  std::string text_;
};

std::string record_of(const std::string& message) {
  const std::string length = bytes_of(static_cast<std::uint64_t>(message.size()));
  return length + bytes_of(masked_crc(length)) + message + bytes_of(masked_crc(message));
}

// Fields of Event, of Summary and of Summary.Value.
constexpr int kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5;
constexpr int kValue = 1;
constexpr int kTag = 1, kSimpleValue = 2;

/// The scalars of an epoch; "" where the phase has none of this run.
std::string summary_of(const PhaseHistory& phase, EventRun run, std::size_t epoch) {
  Message summary;
  for (const Series& series : phase.series) {
    std::string_view name = series.name;
    const bool validation = name.starts_with(kValidationPrefix);
    if (validation != (run == EventRun::validation) || epoch >= series.values.size()) continue;
    if (is_unjudged(series.name, series.values[epoch])) continue;
    if (validation) name.remove_prefix(kValidationPrefix.size());
    const Message value = Message().bytes(kTag, name).fixed(kSimpleValue, static_cast<float>(series.values[epoch]));
    summary.bytes(kValue, value.text());
  }
  return summary.text();
}

double seconds_of(const PhaseHistory& phase, std::size_t epoch) {
  const auto seconds = std::ranges::find(phase.series, "seconds", &Series::name);
  return seconds == phase.series.end() || epoch >= seconds->values.size() ? 0 : seconds->values[epoch];
}

}  // namespace

std::string event_file(std::span<const PhaseHistory> phases, EventRun run, double start) {
  std::string file = record_of(Message().fixed(kWallTime, start).bytes(kFileVersion, "brain.Event:2").text());
  std::uint64_t step = 0;
  double now = start;
  for (const PhaseHistory& phase : phases) {
    std::size_t epochs = 0;
    for (const Series& series : phase.series) epochs = std::max(epochs, series.values.size());
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
      ++step;
      now += seconds_of(phase, epoch);
      const std::string summary = summary_of(phase, run, epoch);
      if (summary.empty()) continue;
      file += record_of(Message().fixed(kWallTime, now).number(kStep, step).bytes(kSummary, summary).text());
    }
  }
  return file;
}

double start_of(std::string_view event_file) {
  constexpr std::size_t kAt = 8 + 4 + 1;  // behind length, its checksum, and the field's key
  double start = 0;
  if (event_file.size() < kAt + sizeof start || event_file.substr(kAt - 1, 1) != "\x09") return 0;
  std::memcpy(&start, event_file.data() + kAt, sizeof start);
  return std::isfinite(start) ? start : 0;
}

}  // namespace enxerto

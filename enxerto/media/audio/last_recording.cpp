#include "enxerto/media/audio/last_recording.h"

#include <cstring>

namespace enxerto {
namespace {

struct LastRecording {
  Tensor bytes;
  std::int64_t rate = 0;
  Clip (*decode)(std::span<const std::byte>, std::string_view) = nullptr;
  std::vector<float> samples;
};

bool same_bytes(const Tensor& a, const Tensor& b) {
  return a.byte_size() == b.byte_size() && a.byte_size() > 0 &&
         (a.data() == b.data() || std::memcmp(a.data(), b.data(), a.byte_size()) == 0);
}

}  // namespace

const std::vector<float>& last_recording(const Field& field, std::int64_t rate, std::string_view where,
                                         Clip (*decode)(std::span<const std::byte> file, std::string_view where)) {
  thread_local LastRecording last;
  if (last.rate == rate && last.decode == decode && same_bytes(last.bytes, field.bytes)) return last.samples;
  last.rate = 0;
  last.samples = resampled(decode(field.bytes.bytes(), where), rate);
  last.bytes = field.bytes;
  last.decode = decode;
  last.rate = rate;
  return last.samples;
}

}  // namespace enxerto

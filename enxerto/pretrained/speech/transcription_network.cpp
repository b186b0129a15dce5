#include "enxerto/pretrained/speech/transcription_network.h"

#include <array>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/clip.h"
#include "enxerto/pretrained/speech/saved_transcription.h"
#include "enxerto/pretrained/speech/sources.h"

namespace enxerto {
namespace {

/// What a path can be, asked in this order.
struct TranscriptionSource {
  bool (*is)(const std::filesystem::path& path);
  TranscriptionNetwork (*load)(const std::filesystem::path& path, const std::string& language);
};
constexpr std::array<TranscriptionSource, 2> kTranscriptionSources{
    {{is_whisper_hub_folder, load_whisper_hub_folder}, {is_saved_transcription, load_saved_transcription}}};

}  // namespace

bool is_transcription_network(const std::filesystem::path& path) {
  for (const TranscriptionSource& source : kTranscriptionSources)
    if (source.is(path)) return true;
  return false;
}

TranscriptionNetwork load_transcription_network(const std::filesystem::path& path, const std::string& language) {
  for (const TranscriptionSource& source : kTranscriptionSources)
    if (source.is(path)) return source.load(path, language);
  throw weights_error(path.string(), "no network that writes what is said",
                      "a folder of Whisper, or a saved model that was made of one");
}

std::vector<float> heard_by(const TranscriptionText& network, const Field& recording, std::string_view where) {
  return resampled(decode_clip(recording.bytes.bytes(), where), network.rate);
}

}  // namespace enxerto

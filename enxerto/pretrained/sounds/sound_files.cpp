#include "enxerto/pretrained/sounds/sound_files.h"

#include <array>

#include "enxerto/pretrained/sounds/panns_backbone.h"
#include "enxerto/pretrained/sounds/yamnet_backbone.h"
#include "enxerto/pretrained/speaker_backbone.h"

namespace enxerto {
namespace {

Backbone resemblyzer(const std::filesystem::path& file, const WeightFile& weights) {
  return speaker_backbone(file, weights.tensors);
}

/// A row is a network that is published as one weight file.
struct SoundFile {
  bool (*is)(const StateDict& tensors);
  Backbone (*load)(const std::filesystem::path& file, const WeightFile& weights);
};
constexpr std::array kSoundFiles{SoundFile{is_speaker_encoder, resemblyzer}, SoundFile{is_yamnet, yamnet_backbone},
                                 SoundFile{is_panns, panns_backbone}};

}  // namespace

std::optional<Backbone> sound_file_backbone(const std::filesystem::path& file, const WeightFile& weights) {
  for (const SoundFile& row : kSoundFiles)
    if (row.is(weights.tensors)) return row.load(file, weights);
  return std::nullopt;
}

}  // namespace enxerto

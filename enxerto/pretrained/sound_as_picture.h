#pragma once
#include <span>

#include "enxerto/media/field_facts.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// The record of `audio_preprocessor` that suits these clips: their rate, or 16 kHz where it is higher, and a length
/// that 19 of 20 of them have room in, at most 10 s.
Json sound_settings(std::span<const FieldFacts> clips);

/// A network of pictures behind the stage "log_mel", which draws each clip: `log_mel`, brought to mean 0 and deviation
/// 1 of its own, stretched to the network's size, grey, in the range of the pixels that the network is used to (the
/// mean and deviation of ImageNet's). Palanisamy et al. 2020, arXiv:2007.11154, show that networks of ImageNet carry
/// over.
Backbone sound_as_picture(const Backbone& network, const Json& record, std::string_view where);

}  // namespace enxerto

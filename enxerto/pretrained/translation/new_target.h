#pragma once
#include <cstdint>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/vocabulary_source.h"

namespace enxerto {

/// A network of `translation_backbone` that is to write another language: its second text has new pieces, learned from
/// the second texts of `source`, with random vectors that score them too; all else is as it was. Throws as
/// `learned_numbers`.
Backbone with_new_target(Backbone backbone, const VocabularySource& source, std::uint64_t seed);

}  // namespace enxerto

#pragma once
#include <filesystem>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/speech/ctc_vocabulary.h"

namespace enxerto {

/// Puts the head "lm_head" of `file` behind a network of recordings without one, and says what its units write; the
/// first of them is the blank, as heads have it here. Throws Error{weights} naming what is missing or of another size.
void give_ctc_head(Backbone& backbone, const CtcVocabulary& vocabulary, const StateDict& file);

/// Whether there is a network of recordings as transformers saves it whose head writes what is said, by connectionist
/// temporal classification: a folder whose config.json names a class that ends in "ForCTC", with a vocab.json.
bool is_ctc_folder(const std::filesystem::path& path);

}  // namespace enxerto

#pragma once

namespace enxerto {

/// The stage in which a network that writes scores its words, before the head of a task: where that compares them, it
/// is what a head is elsewhere, and its weights are often those of the words that are read.
inline constexpr const char* kWordsStage = "words";

}  // namespace enxerto

#pragma once
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// Whether files of a medium with their text beside them, a/b.wav or a/b.png and a/b.txt, lie at some depth below the
/// folder.
bool is_transcribed_folder(const std::string& path, Medium medium);

/// Whether all of the first files of the medium there have one.
bool all_transcribed(const std::string& path, Medium medium);

/// These, with no speakers.
DataParts open_transcribed_folder(const std::string& path, Medium medium, const DataWatch& watch);

/// Whether files SPEAKER-CHAPTER.trans.txt of LibriSpeech lie below the folder.
bool is_librispeech(const std::string& path);

/// Lines "84-121123-0000 GO DO YOU HEAR" of the recording 84-121123-0000.flac beside them, whose speaker is 84. Folders
/// train-clean-100, dev-clean, test-clean .. are parts.
DataParts open_librispeech(const std::string& path, const DataWatch& watch);

/// Whether there are metadata.csv and wavs, as LJSpeech has them.
bool is_ljspeech(const std::string& path);

/// Lines "LJ001-0001|Printing, ..|Printing, .." of wavs/LJ001-0001.wav; the last column is what is said.
DataParts open_ljspeech(const std::string& path, const DataWatch& watch);

}  // namespace enxerto

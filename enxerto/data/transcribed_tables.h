#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a table names recordings and what is said in them so that nothing else can be meant: Common Voice's (path,
/// sentence) or NeMo's manifests (audio_filepath, text).
bool is_transcript_table(const std::string& path);

/// A table (.csv, .tsv, .jsonl) of recordings or pictures (a column audio_filepath, audio, path, file_name, file, wav,
/// image, filename or image_path), what is said in them (`options.targets`, else text, sentence, transcript,
/// transcription or normalized_text), and who says it (`options.group`, else client_id, speaker or speaker_id), where
/// it is there. Names are relative to `options.images`, the table's folder or its folder "clips". Throws Error{data}
/// naming the columns where one is not there.
DataParts open_transcript_table(const std::string& path, const TableOptions& options, const DataWatch& watch);

/// Whether a folder is one of Common Voice: clips and train.tsv or validated.tsv.
bool is_common_voice(const std::string& path);

/// train.tsv, dev.tsv and test.tsv; without them, validated.tsv.
DataParts open_common_voice(const std::string& path, const TableOptions& options, const DataWatch& watch);

}  // namespace enxerto

#pragma once
#include <string>
#include <vector>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a file is one of questions: .json or .jsonl (.ndjson) with "context" and "question" or "qas" near its
/// beginning.
bool is_questions_file(const std::string& path);

/// Names among `files` of `folder` that are such files.
std::vector<std::string> questions_files(const std::string& folder, const std::vector<std::string>& files);

/// Questions on texts: {question, context}, answered by a span of the context. Read are SQuAD 1.1 and 2.0 (XQuAD, MLQA
/// ..: data, paragraphs, context, qas, answers with text and answer_start), and flat questions (id, context, question,
/// answers {text [..], answer_start [..]}) in lines of JSON or under "data", as the library datasets writes them. A
/// question belongs to the group of its context. Examples are called by their id, else FILE:NUMBER. Throws Error{data}
/// naming the file and the place in it (data[2].paragraphs[0].qas[1]) for JSON that is none, and for what is missing or
/// of another form. Notices say which answers are not where they should be (`Questions`).
DataParts open_questions(const std::string& path, const DataWatch& watch);

/// The same of a folder: train-v1.1.json, dev-v1.1.json .. are its parts; a file alone is the data. Throws Error{data}
/// where there are several that are no parts.
DataParts open_questions_folder(const std::string& folder, const std::vector<std::string>& files,
                                const DataWatch& watch);

}  // namespace enxerto

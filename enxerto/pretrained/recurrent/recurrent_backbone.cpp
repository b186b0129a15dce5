#include "enxerto/pretrained/recurrent/recurrent_backbone.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/character_tokenizer.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/sound_parameters.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kLargestVocabularyFile = std::size_t{16} << 20;

std::vector<Path> character_vocabularies(const Path& folder) {
  std::vector<Path> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with("vocab.json") && entry.is_regular_file(ignored)) found.push_back(entry.path());
  }
  return found;
}

PreprocessorPtr preprocessor_beside(const Path& file) {
  const Path folder = file.has_parent_path() ? file.parent_path() : Path(".");
  if (!has_tokenizer(folder)) {
    if (const std::vector<Path> found = character_vocabularies(folder); found.size() == 1) {
      const std::string where = found.front().string();
      const std::string text = read_text(found.front(), kLargestVocabularyFile, ErrorKind::weights);
      return text_preprocessor({.tokenizer = character_tokenizer(text, where)}, where);
    }
  }
  return preprocessor_from_record(text_record(folder, {}), folder.string());
}

}  // namespace

Backbone recurrent_backbone(const Path& file, RecurrentWeights weights) {
  const std::string where = file.string();
  Backbone backbone;
  backbone.spec.preprocessor = preprocessor_beside(file);
  if (std::string unlike = check_vocabulary(*backbone.spec.preprocessor, weights.config.vocabulary, where);
      !unlike.empty())
    weights.notes.push_back(std::move(unlike));
  backbone.spec.name = file.stem().string();
  backbone.spec.architecture = weights.config.name;
  backbone.spec.source = "own";
  backbone.spec.naming = "recurrent";
  backbone.spec.file = file.filename().string();
  backbone.graph = recurrent_network(weights.config).fill(weights.parameters, where);
  require_sound(backbone.graph, weights.parameters, where);
  backbone.weights_file = where;
  backbone.sha256 = file_digests(file, false).sha256;
  backbone.notes = std::move(weights.notes);
  backbone.left_out = std::move(weights.left_out);
  backbone.pool = weights.config.layers.back().bidirectional ? "concat" : "last_avg_max";
  return backbone;
}

}  // namespace enxerto

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/pretrained/sound_parameters.h"
#include "enxerto/pretrained/translation/marian_settings.h"
#include "enxerto/pretrained/translation/names_marian.h"
#include "enxerto/pretrained/translation/sources.h"
#include "enxerto/weights/marian/marian_binary.h"
#include "enxerto/weights/marian/marian_text.h"
#include "enxerto/weights/npz/npz.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

bool is_model_file(const Path& path) {
  const std::string ending = path.extension().string();
  if ((ending != ".npz" && ending != ".bin") || !is_file(path)) return false;
  const MappedFile file(path, ErrorKind::weights);
  return looks_like_npz(file.bytes()) || looks_like_marian(file.bytes());
}

/// Files in the folder, in the order of their names.
std::vector<Path> files_with(const Path& folder, std::string_view ending) {
  std::vector<Path> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    if (entry.path().extension() == ending) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

/// "" where there is none.
Path model_file(const Path& path) {
  if (is_model_file(path)) return path;
  for (const char* ending : {".npz", ".bin"})
    for (const Path& file : files_with(path, ending))
      if (is_model_file(file)) return file;
  return {};
}

Path folder_of(const Path& file) { return file.has_parent_path() ? file.parent_path() : Path("."); }

/// " (vocab.enpt.spm, of config.yml)", where a file of settings beside the model names some.
std::string named_pieces(const Path& file) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  for (const Path& settings : files_with(folder_of(file), ".yml")) {
    std::istringstream lines(read_text(settings, kLargest, ErrorKind::weights));
    for (std::string line; std::getline(lines, line);) {
      const std::size_t end = line.find(".spm");
      if (end == std::string::npos) continue;
      const std::size_t begin = line.find_last_of(" /\"'", end) + 1;
      return fmt::format(" ({}, of {})", as_utf8(line.substr(begin, end + 4 - begin)), settings.filename().string());
    }
  }
  return "";
}

}  // namespace

bool is_own_marian(const Path& path) {
  const Path file = model_file(path);
  if (file.empty()) return false;
  if (!files_with(folder_of(file), ".spm").empty()) return true;
  try {  // without pieces, which is said when it is loaded
    return read_weights(file).metadata.contains(std::string(kMarianSettings));
  } catch (const Error&) {
    return false;
  }
}

TranslationNetwork load_own_marian(const Path& path) {
  const Path file = model_file(path);
  const std::string where = file.string();
  const std::vector<Path> pieces = files_with(folder_of(file), ".spm");
  if (pieces.empty())
    throw weights_error(folder_of(file).string(), fmt::format("no SentencePiece model{}", named_pieces(file)),
                        "the .spm that the network was trained with, for both languages, or one each", "copy it there");
  const WeightFile weights = read_weights(file);
  const auto settings = weights.metadata.find(std::string(kMarianSettings));
  if (settings == weights.metadata.end())
    throw weights_error(where, fmt::format("no {} among its arrays", kMarianSettings), "a model that Marian saved");
  const MarianConfig config = marian_config(settings->second, weights.tensors, where);
  TranslationNetwork network;
  network.name = std::filesystem::weakly_canonical(path).filename().string();
  network.weights_file = where;
  network.notes = weights.notes;
  network.graph = marian(config).fill(from_own_marian(weights.tensors), where);
  require_sound(network.graph, weights.tensors, where);
  if (pieces.size() > 2)
    throw weights_error(folder_of(file).string(), fmt::format("{} SentencePiece models", pieces.size()),
                        "one for both languages, or two");
  network.source = std::make_shared<NumberedPieces>(pieces.front());
  network.target = pieces.size() == 1 ? network.source : std::make_shared<NumberedPieces>(pieces.back());
  network.source->require_fit(config.sizes.vocabulary, 0, pieces.front().string());
  if (pieces.size() > 1)
    network.target->require_fit(config.target_vocabulary > 0 ? config.target_vocabulary : config.sizes.vocabulary, 0,
                                pieces.back().string());
  network.begin = -1;
  network.end = network.target->number_of("</s>").value_or(0);
  network.never = {network.target->unknown()};
  return network;
}

}  // namespace enxerto

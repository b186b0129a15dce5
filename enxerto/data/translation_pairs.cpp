#include "enxerto/data/translation_pairs.h"

#include <array>
#include <cstddef>
#include <fstream>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/json_lines.h"
#include "enxerto/data/pair_paths.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/text_cells.h"
#include "enxerto/data/text_pairs.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::streamsize kLookedAtOfTranslations = 4096;

/// The target of a pair is how long its second text is: what a figure of bits a byte divides by.
class TranslatedTexts final : public DatasetView {
 public:
  TranslatedTexts(DatasetPtr texts, std::vector<float> bytes)
      : DatasetView(std::move(texts)),
        bytes_(std::move(bytes)),
        info_{.inputs = below().info().inputs, .target = translation_target()} {}

  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return Tensor::of<float>({3}, {bytes_.at(position), 0, 0}); }

 private:
  std::vector<float> bytes_;
  DatasetInfo info_;
};

}  // namespace

bool is_translation_lines(const std::string& path) {
  if (!is_json_lines_name(path) || !is_file(path)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string begin(to_size(kLookedAtOfTranslations), '\0');
  file.read(begin.data(), kLookedAtOfTranslations);
  const std::string_view seen(begin.data(), to_size(file.gcount()));
  const std::size_t brace = seen.find('{');
  if (brace == std::string_view::npos) return false;
  const std::size_t key = seen.find_first_not_of(" \t", brace + 1);
  return key != std::string_view::npos && seen.substr(key).starts_with("\"translation\"");
}

DataParts open_translation_pairs(const std::filesystem::path& path, const TableOptions& options, Progress& progress) {
  if (options.documents != TableOptions{}.documents)
    throw usage_error("documents", fmt::format("'{}' of pairs", options.documents), "a pair is a document",
                      "leave it out");
  const std::vector<std::string>& columns = options.texts.empty() ? options.learned : options.texts;
  TextPairFiles files{.source = path, .target = {}, .columns = columns};
  const std::optional<PairPath> two = pair_path(path.string());
  if (two) files = {.source = two->source, .target = two->target, .columns = options.texts};
  const TextPairs pairs = read_text_pairs(files, progress);
  TextCells cells(2);
  cells.set_source(files.source.filename().string());
  std::vector<float> bytes;
  for (std::size_t i = 0; i < pairs.sources.size(); ++i) {
    cells.add(std::array<std::string_view, 2>{pairs.sources[i], pairs.targets[i]}, pairs.lines[i]);
    bytes.push_back(static_cast<float>(pairs.targets[i].size()));
  }
  return {.format = two ? "two files of lines" : "pairs of texts",
          .all = std::make_shared<TranslatedTexts>(text_dataset(std::move(cells)), std::move(bytes)),
          .texts = two ? std::vector<std::string>{} : columns};
}

}  // namespace enxerto

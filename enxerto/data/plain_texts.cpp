#include "enxerto/data/plain_texts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/open.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/unlabelled_texts.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestTable = std::size_t{1} << 30;

/// Documents, of which nothing is known before they are cut into pieces.
class PlainTexts final : public DatasetView {
 public:
  explicit PlainTexts(DatasetPtr texts)
      : DatasetView(std::move(texts)), info_{.inputs = below().info().inputs, .target = text_target()} {}

  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t /*position*/) const override { return Tensor::of<float>({3}, {0, 0, 0}); }

 private:
  DatasetInfo info_;
};

/// Each line of each of these files.
DatasetPtr lines_of(const DatasetPtr& files, const std::filesystem::path& path) {
  std::vector<DatasetPtr> parts;
  for (std::size_t i = 0; i < files->size(); ++i) {
    const std::unique_ptr<Example> file = files->get(i);
    const std::vector<Field> fields = fields_of(*files, *file);
    if (text_in(fields.at(0)).find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
    parts.push_back(text_lines(text_in(fields[0]), file->id()));
  }
  if (parts.empty()) throw data_error(printable(path.string()), "no texts", "lines of text");
  return concatenate(std::move(parts));
}

DatasetPtr table_of(const std::filesystem::path& path, const TableOptions& options) {
  const std::vector<std::string>& columns = options.texts.empty() ? options.learned : options.texts;
  const std::string ending = path.extension().string();
  if (ending != ".jsonl" && ending != ".ndjson") return text_table(path, columns);
  return text_lines(read_text(path, kLargestTable), path.filename().string(), columns);
}

}  // namespace

std::vector<std::string> document_words() { return {"files", "lines"}; }

DataParts open_plain_texts(const std::filesystem::path& path, const TableOptions& options, Progress& progress) {
  const std::vector<std::string> words = document_words();
  if (std::ranges::find(words, options.documents) == words.end()) refuse_word("documents", options.documents, words);
  if (is_table_name(path)) {
    if (options.documents != words.front())
      throw usage_error("documents", fmt::format("'{}' of a table", options.documents),
                        "a row of a table is a document", "leave it out");
    const DatasetPtr rows = table_of(path, options);
    if (rows->info().inputs.size() != 1)
      throw usage_error(printable(path.string()), "two columns of texts", "one text in a row", "data.texts = NAME");
    return {.format = "table of texts", .all = std::make_shared<PlainTexts>(rows)};
  }
  if (path.extension() == ".json")  // a network would learn its braces
    throw data_error(printable(path.string()), "one JSON document",
                     "a text file, a folder of texts or a table (.csv, .tsv, .jsonl)",
                     "write its texts as lines of JSON, {\"text\": ..}, into a file that ends in .jsonl");
  DatasetPtr texts = open_files({path}, Medium::text, progress);
  const bool lines = options.documents == "lines";
  if (lines) texts = lines_of(texts, path);
  return {.format = lines ? "lines of text" : "text files", .all = std::make_shared<PlainTexts>(texts)};
}

}  // namespace enxerto

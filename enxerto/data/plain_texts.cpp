#include "enxerto/data/plain_texts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/base/utf8.h"
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

/// Lines end as they do in most texts, with nothing before the first: else a network learns to write what editors of
/// Windows leave in a file.
Tensor plain(const Tensor& bytes) {
  const Field field{.medium = Medium::text, .bytes = bytes};
  const std::string_view all = text_in(field), text = without_byte_order_mark(all);
  if (text.size() == all.size() && text.find("\r\n") == std::string_view::npos) return bytes;
  std::vector<std::uint8_t> kept;
  kept.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!text.substr(i).starts_with("\r\n")) kept.push_back(static_cast<std::uint8_t>(text[i]));
  return Tensor::of<std::uint8_t>({static_cast<std::int64_t>(kept.size())}, kept);
}

class PlainExample final : public Example {
 public:
  explicit PlainExample(std::unique_ptr<Example> example) : example_(std::move(example)) {}

  std::string id() const override { return example_->id(); }
  Field field(std::size_t input) const override {
    Field found = example_->field(input);
    found.bytes = plain(found.bytes);
    return found;
  }
  std::optional<FileIdentity> file(std::size_t input) const override { return example_->file(input); }
  std::string group() const override { return example_->group(); }
  bool in_memory() const override { return example_->in_memory(); }

 private:
  std::unique_ptr<Example> example_;
};

/// Documents, of which nothing is known before they are cut into pieces.
class PlainTexts final : public DatasetView {
 public:
  explicit PlainTexts(DatasetPtr texts)
      : DatasetView(std::move(texts)), info_{.inputs = below().info().inputs, .target = text_target()} {}

  const DatasetInfo& info() const override { return info_; }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<PlainExample>(below().get(position));
  }
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

#include "enxerto/data/text_cells.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/files/read.h"
#include "enxerto/media/line_ends.h"

namespace enxerto {
namespace {

class TextExample final : public Example {
 public:
  TextExample(std::string id, std::vector<Tensor> texts) : id_(std::move(id)), texts_(std::move(texts)) {}

  std::string id() const override { return id_; }
  Field field(std::size_t input) const override { return {.medium = Medium::text, .bytes = texts_.at(input)}; }
  std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }

 private:
  std::string id_;
  std::vector<Tensor> texts_;
};

class BadTextExample final : public Example {
 public:
  BadTextExample(std::string id, ErrorText reason) : id_(std::move(id)), reason_(std::move(reason)) {}

  std::string id() const override { return id_; }
  Field field(std::size_t /*input*/) const override { throw Error(ErrorKind::data, reason_); }
  std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }

 private:
  std::string id_;
  ErrorText reason_;
};

class TextDataset final : public Dataset {
 public:
  explicit TextDataset(TextCells cells)
      : cells_(std::move(cells)), info_{.inputs = std::vector(cells_.fields(), Medium::text)} {}

  std::size_t size() const override { return cells_.size(); }
  std::unique_ptr<Example> get(std::size_t position) const override { return cells_.example(position); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t /*position*/) const override { return {}; }

 private:
  TextCells cells_;
  DatasetInfo info_;
};

}  // namespace

void TextCells::set_source(std::string name) { names_.push_back(std::move(name)); }

void TextCells::add(std::span<const std::string_view> texts, std::size_t line) {
  for (const std::string_view text : texts) {
    bytes_->append(text.substr(0, size_without_line_ends(Medium::text, text)));
    ends_.push_back(bytes_->size());
  }
  lines_.push_back(static_cast<std::uint32_t>(line));
  sources_.push_back(static_cast<std::uint32_t>(names_.size() - 1));
}

void TextCells::add_bad(ErrorText reason, std::size_t line) {
  bad_.emplace(size(), std::move(reason));
  const std::vector<std::string_view> nothing(fields_);
  add(nothing, line);
}

std::string TextCells::id(std::size_t i) const { return fmt::format("{}:{}", names_[sources_[i]], lines_[i]); }

std::unique_ptr<Example> TextCells::example(std::size_t i) const {
  if (const auto bad = bad_.find(i); bad != bad_.end()) return std::make_unique<BadTextExample>(id(i), bad->second);
  std::vector<Tensor> texts;
  for (std::size_t field = 0; field < fields_; ++field) {
    const std::size_t number = i * fields_ + field;
    const std::uint64_t begin = number == 0 ? 0 : ends_[number - 1];
    const std::shared_ptr<const std::byte> data(bytes_, reinterpret_cast<const std::byte*>(bytes_->data()) + begin);
    texts.emplace_back(DType::u8, Shape{static_cast<std::int64_t>(ends_[number] - begin)}, data);
  }
  return std::make_unique<TextExample>(id(i), std::move(texts));
}

DatasetPtr text_dataset(TextCells cells) { return std::make_shared<TextDataset>(std::move(cells)); }

}  // namespace enxerto

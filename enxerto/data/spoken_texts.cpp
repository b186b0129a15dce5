#include "enxerto/data/spoken_texts.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/data/dataset_view.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

Field field_of_words(std::string_view text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {std::ssize(text)}, std::as_bytes(std::span(text)))};
}

/// A recording, and behind it what is said in it.
class SpokenExample final : public Example {
 public:
  SpokenExample(std::unique_ptr<Example> recording, std::string text)
      : recording_(std::move(recording)), text_(std::move(text)) {}

  std::string id() const override { return recording_->id(); }
  Field field(std::size_t input) const override { return input == 0 ? recording_->field(0) : field_of_words(text_); }
  std::optional<FileIdentity> file(std::size_t input) const override {
    return input == 0 ? recording_->file(0) : std::nullopt;
  }
  std::string group() const override { return recording_->group(); }
  bool in_memory() const override { return recording_->in_memory(); }

 private:
  std::unique_ptr<Example> recording_;
  std::string text_;
};

class SpokenTexts final : public DatasetView {
 public:
  explicit SpokenTexts(DatasetPtr transcribed)
      : DatasetView(std::move(transcribed)),
        info_{.inputs = {below().info().inputs.front(), Medium::text}, .target = spoken_target()} {}

  const DatasetInfo& info() const override { return info_; }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return std::make_unique<SpokenExample>(below().get(position), transcript_text(below().target(position)));
  }
  Tensor target(std::size_t position) const override {
    const std::string text = transcript_text(below().target(position));
    return Tensor::of<float>({3}, {static_cast<float>(text.size()), 0, 0});
  }

 private:
  DatasetInfo info_;
};

DatasetPtr with_texts(DatasetPtr transcribed) {
  return transcribed ? std::make_shared<SpokenTexts>(std::move(transcribed)) : nullptr;
}

}  // namespace

TargetSpec spoken_target() { return {.kind = std::string(kSpokenTarget), .names = text_target().names}; }

DataParts open_spoken_texts(const std::filesystem::path& path, const TableOptions& options, const DataWatch& watch) {
  TableOptions transcripts = options;
  transcripts.kind = kTranscriptTarget;
  DataParts parts = open_watched(path, transcripts, watch);
  for (DatasetPtr* const part : {&parts.all, &parts.train, &parts.validation, &parts.test})
    *part = with_texts(std::move(*part));
  return parts;
}

std::string spoken_words(const Tensor& /*target*/, std::span<const Field> fields) {
  return fields.size() > 1 ? fmt::format("'{}'", text_in(fields[1])) : "";
}

}  // namespace enxerto

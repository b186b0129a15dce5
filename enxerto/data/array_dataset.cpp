#include "enxerto/data/array_dataset.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

class RawExample final : public Example {
 public:
  RawExample(std::string id, Tensor bytes, const RawPixels& layout)
      : id_(std::move(id)), bytes_(std::move(bytes)), layout_(layout) {}

  std::string id() const override { return id_; }
  Field field(std::size_t /*input*/) const override {
    return {.medium = Medium::image, .bytes = bytes_, .raw = layout_};
  }
  std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }
  bool in_memory() const override { return true; }

 private:
  std::string id_;
  Tensor bytes_;
  RawPixels layout_;
};

class ArrayDataset final : public Dataset {
 public:
  ArrayDataset(std::vector<ArrayBlock> blocks, const RawPixels& layout, std::vector<std::string> classes)
      : blocks_(std::move(blocks)),
        layout_(layout),
        info_{.inputs = {Medium::image}, .target = {.kind = std::string(kClassTarget), .names = std::move(classes)}} {
    for (const ArrayBlock& block : blocks_) ends_.push_back(size() + block.labels.size());
  }

  std::size_t size() const override { return ends_.empty() ? 0 : ends_.back(); }

  std::unique_ptr<Example> get(std::size_t position) const override {
    const auto [block, i] = find(position);
    const std::int64_t bytes = std::int64_t{layout_.width} * layout_.height * layout_.channels;
    const std::shared_ptr<const std::byte> samples(block->samples, block->samples.get() + i * block->stride);
    return std::make_unique<RawExample>(fmt::format("{}:{}", block->name, i), Tensor(DType::u8, {bytes}, samples),
                                        layout_);
  }

  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override {
    const auto [block, i] = find(position);
    return Tensor::scalar(std::int64_t{block->labels[i]});
  }

 private:
  std::pair<const ArrayBlock*, std::size_t> find(std::size_t position) const {
    const auto end = std::upper_bound(ends_.begin(), ends_.end(), position);
    const ArrayBlock& block = blocks_.at(static_cast<std::size_t>(end - ends_.begin()));
    return {&block, position - (*end - block.labels.size())};
  }

  std::vector<ArrayBlock> blocks_;
  std::vector<std::size_t> ends_;
  RawPixels layout_;
  DatasetInfo info_;
};

}  // namespace

DatasetPtr array_dataset(std::vector<ArrayBlock> blocks, const RawPixels& layout, std::vector<std::string> classes) {
  for (const ArrayBlock& block : blocks) {
    for (std::size_t i = 0; i < block.labels.size(); ++i) {
      if (block.labels[i] >= classes.size())
        throw data_error(fmt::format("{}:{}", block.name, i), fmt::format("label {}", block.labels[i]),
                         fmt::format("0 to {}", classes.size() - 1), "download the file again");
    }
  }
  return std::make_shared<ArrayDataset>(std::move(blocks), layout, std::move(classes));
}

}  // namespace enxerto

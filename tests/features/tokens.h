#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/builder.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto::testing {

/// Each byte of a text is a token of two numbers; a second input says which tokens count. Both are as long as the text.
class TokenPreprocessor final : public Preprocessor {
 public:
  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& /*view*/, InputSlots& out) const override {
    const auto text = example[0].bytes.as<std::uint8_t>();
    const auto length = static_cast<std::int64_t>(text.size());
    const std::span<std::byte> tokens = out.slot(0, {length, 2}), mask = out.slot(1, {length});
    for (std::size_t i = 0; i < text.size(); ++i) {
      reinterpret_cast<float*>(tokens.data())[2 * i] = static_cast<float>(text[i]) / 128 - 1;
      reinterpret_cast<float*>(tokens.data())[2 * i + 1] = static_cast<float>(i % 3) - 1;
      reinterpret_cast<float*>(mask.data())[i] = 1;
    }
    return {};
  }

  std::vector<Field> sample(std::uint64_t /*number*/) const override {
    return {{.medium = Medium::text, .bytes = Tensor::of<std::uint8_t>({3}, {1, 2, 3})}};
  }

  Json record() const override { return {{"kind", "test tokens"}}; }

 private:
  std::vector<InputSpec> inputs_{{.name = "tokens", .dtype = DType::f32, .shape = {-1, 2}},
                                 {.name = "mask", .dtype = DType::f32, .shape = {-1}}};
};

/// Texts of 3 to 40 bytes; class 1 where most of the bytes are large.
class TokenData final : public Dataset {
 public:
  explicit TokenData(std::size_t examples) : examples_(examples) {}
  std::size_t size() const override { return examples_; }
  std::unique_ptr<Example> get(std::size_t position) const override { return std::make_unique<Text>(position); }
  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return Tensor::scalar(static_cast<std::int64_t>(position % 2)); }

  static std::size_t length(std::size_t position) { return 3 + position * 29 % 38; }

 private:
  class Text final : public Example {
   public:
    explicit Text(std::size_t position) : position_(position) {}
    std::string id() const override { return "text" + std::to_string(position_); }
    std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }
    bool in_memory() const override { return true; }
    Field field(std::size_t /*input*/) const override {
      std::vector<std::uint8_t> bytes;
      for (std::size_t i = 0; i < length(position_); ++i)
        bytes.push_back(static_cast<std::uint8_t>((position_ % 2 == 0 ? 20 : 130) + (position_ * 31 + i * 17) % 100));
      return {.medium = Medium::text,
              .bytes = Tensor::of<std::uint8_t>({static_cast<std::int64_t>(bytes.size())},
                                                std::span<const std::uint8_t>(bytes))};
    }

   private:
    std::size_t position_;
  };

  std::size_t examples_;
  DatasetInfo info_{.inputs = {Medium::text}, .target = {.kind = "classes", .names = {"small", "large"}}};
};

/// Stages "embed", "block" (attention that follows the mask) and "head" (the mean of the tokens that count).
inline Blueprint token_network() {
  GraphBuilder net("tokens");
  const std::string tokens = net.input("tokens", {"batch", "length", 2});
  const std::string mask = net.input("mask", {"batch", "length"});
  const auto axes = [&](std::int64_t axis) { return net.constant(Tensor::of<std::int64_t>({1}, {axis})); };
  net.stage("embed");
  std::string x = net.relu(net.dense(tokens, "embed.dense", 6), "embed.act");
  const std::string wide = net.add("Unsqueeze", "mask.wide", {mask, axes(1)});
  const std::string hidden = net.add(
      "Mul", "mask.added",
      {net.add("Sub", "mask.rest", {wide, net.constant(Tensor::scalar(1.0F))}), net.constant(Tensor::scalar(1e4F))});
  net.stage("block");
  const std::string keys = net.add("Transpose", "block.keys", {net.dense(x, "block.key", 6)},
                                   {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
  const std::string scores = net.add("MatMul", "block.scores", {net.dense(x, "block.query", 6), keys});
  const std::string shares = net.add("Softmax", "block.shares", {net.add("Add", "block.masked", {scores, hidden})},
                                     {{"axis", std::int64_t{-1}}});
  x = net.add("MatMul", "block.mixed", {shares, x});
  net.stage("head");
  x = net.add("Mul", "head.kept", {x, net.add("Unsqueeze", "head.mask", {mask, axes(2)})});
  x = net.add("ReduceSum", "head.sum", {x, axes(1)}, {{"keepdims", std::int64_t{0}}});
  x = net.add("Div", "head.mean",
              {x, net.add("ReduceSum", "head.count", {mask, axes(1)}, {{"keepdims", std::int64_t{1}}})});
  net.output(net.linear(x, "head.fc", 2), "head.logits");
  return std::move(net).finish();
}

}  // namespace enxerto::testing

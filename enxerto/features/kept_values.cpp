#include "enxerto/features/kept_values.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/piece.h"

namespace enxerto {
namespace {

/// A preprocessor that writes its alignment as one more input. In float64, because records keep float32 in half the
/// bytes where that is asked for, and places are to stay what they are.
class WithAlignment final : public Preprocessor {
 public:
  explicit WithAlignment(PreprocessorPtr own) : own_(std::move(own)) {
    inputs_.assign(own_->inputs().begin(), own_->inputs().end());
    inputs_.push_back({.name = std::string(kAlignment), .dtype = DType::f64, .shape = shape_of_map()});
  }

  std::span<const InputSpec> inputs() const override { return inputs_; }

  Alignment encode(std::span<const Field> example, const View& view, InputSlots& out) const override {
    Alignment found = own_->encode(example, view, out);
    const std::span<const float> map = found.map.as<float>();
    std::ranges::copy(map, reinterpret_cast<double*>(out.slot(inputs_.size() - 1, found.map.shape()).data()));
    return found;
  }

  std::vector<Field> sample(std::uint64_t number) const override { return own_->sample(number); }
  Json record() const override { return own_->record(); }
  std::optional<Preview> preview(std::span<const Field> example, const View& view, int side) const override {
    return own_->preview(example, view, side);
  }
  std::optional<Transcript> transcript(std::span<const Field> example, std::string_view where) const override {
    return own_->transcript(example, where);
  }
  void check_readable(std::span<const Field> example, std::string_view where) const override {
    own_->check_readable(example, where);
  }
  bool divides() const override { return own_->divides(); }
  std::size_t windows(std::span<const Field> example, std::string_view where) const override {
    return own_->windows(example, where);
  }
  std::vector<Piece> pieces(std::span<const Field> example, std::string_view where) const override {
    return own_->pieces(example, where);
  }
  std::string summary() const override { return own_->summary(); }
  Json random_changes(const Augmentation& augmentation) const override { return own_->random_changes(augmentation); }
  Augmentation usual_augmentation() const override { return own_->usual_augmentation(); }

 private:
  /// As it is of a made-up example; where an example's length varies, so may the number of its places.
  Shape shape_of_map() const {
    OwnSlots slots(own_->inputs());
    const Tensor map = own_->encode(own_->sample(0), {.where = "a made-up example"}, slots).map;
    Shape shape = map.shape();
    if (map.size() == 0)
      throw weights_error("preprocessing", "does not say where the places of an example went",
                          "an alignment, which the task's targets need");
    if (!std::ranges::all_of(own_->inputs(), &InputSpec::fixed)) shape.front() = -1;
    return shape;
  }

  PreprocessorPtr own_;
  std::vector<InputSpec> inputs_;
};

/// An input that leaves the prefix as it is.
void hand_through(Graph& prefix, const InputSpec& spec) {
  auto input = std::ranges::find(prefix.inputs, spec.name, &Value::name);
  if (input == prefix.inputs.end()) {
    Value value{.name = spec.name, .dtype = spec.dtype, .shape = {prefix.inputs.front().shape.front()}};
    for (const std::int64_t size : spec.shape)
      value.shape.push_back(size < 0 ? Dim(fmt::format("{} {}", spec.name, value.shape.size())) : Dim(size));
    input = prefix.inputs.insert(prefix.inputs.end(), std::move(value));
  }
  if (std::ranges::find(prefix.outputs, spec.name, &Value::name) == prefix.outputs.end())
    prefix.outputs.push_back(*input);
}

}  // namespace

FeatureSource keeping(FeatureSource source, std::span<const std::string> names) {
  if (std::ranges::find(names, kAlignment) != names.end())
    source.preprocessor = std::make_shared<WithAlignment>(std::move(source.preprocessor));
  const std::span<const InputSpec> inputs = source.preprocessor->inputs();
  for (const std::string& name : names) {
    const auto spec = std::ranges::find(inputs, name, &InputSpec::name);
    if (spec == inputs.end())
      throw weights_error("preprocessing", fmt::format("no input '{}': {}", name, to_string(inputs)),
                          "the inputs that the task's targets need");
    if (!source.prefix.inputs.empty()) hand_through(source.prefix, *spec);
  }
  return source;
}

TensorMap kept_values(const RowView& row, const RowLayout& layout, std::span<const std::string> names) {
  TensorMap values;
  for (const std::string& name : names) {
    const auto spec = std::ranges::find(layout.values, name, &InputSpec::name);
    if (spec == layout.values.end())
      throw weights_error("records", fmt::format("without '{}': {}", name, to_string(layout.values)),
                          "the values that the task's targets need");
    const Tensor value = row.tensor(static_cast<std::size_t>(spec - layout.values.begin()));
    if (name != kAlignment) {
      values.set(name, value);
      continue;
    }
    TensorBuffer map(DType::f32, value.shape());
    std::ranges::transform(value.as<double>(), map.as<float>().begin(),
                           [](double place) { return static_cast<float>(place); });
    values.set(name, std::move(map).freeze());
  }
  return values;
}

}  // namespace enxerto

#include "enxerto/media/preprocessor.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto {
namespace {

constexpr std::array<PreprocessorKind, 1> kKinds{{{"image", image_preprocessor_from_record}}};

}  // namespace

std::span<const PreprocessorKind> preprocessor_kinds() { return kKinds; }

PreprocessorPtr preprocessor_from_record(const Json& record, std::string_view where) {
  const auto refuse = [&](std::string found, std::string expected) {
    throw data_error(std::string(where), std::move(found), std::move(expected));
  };
  if (!record.is_object()) refuse(record.type_name(), "a record of the preprocessing (an object)");
  Json members = record;
  Json kind = "image";
  if (const auto named = members.find("kind"); named != members.end()) {
    kind = *named;
    members.erase("kind");
  }
  for (const PreprocessorKind& row : kKinds)
    if (kind == row.name) return row.from_record(members, where);
  refuse("the kind " + kind.dump(), "image");
  return nullptr;
}

PreprocessorPtr patched(const Preprocessor& own, const Json& patch, std::string_view where) {
  Json record = own.record();
  record.merge_patch(patch);
  return preprocessor_from_record(record, where);
}

int input_size(const Preprocessor& preprocessor) { return preprocessor.record().value("size", 0); }

void Preprocessor::check_readable(std::span<const Field> example, std::string_view where) const {
  OwnSlots slots(inputs());
  encode(example, {.where = where}, slots);
}

std::string Preprocessor::summary() const { return to_string(inputs()); }

Json Preprocessor::random_changes(const Augmentation& augmentation) const {
  if (!changes_pictures(augmentation)) return Json::object();
  throw usage_error("augmentation", "augmentation of pictures",
                    fmt::format("no augmentation, for the inputs {}", to_string(inputs())), "omit it");
}

void check_shape(const InputSpec& spec, const Shape& shape, std::string_view where) {
  const bool fits = shape.size() == spec.shape.size() &&
                    std::equal(shape.begin(), shape.end(), spec.shape.begin(),
                               [](auto is, auto allowed) { return is == allowed || (allowed < 0 && is >= 0); });
  if (fits) return;
  throw data_error(std::string(where), fmt::format("an input {} of {}", spec.name, to_string(shape)),
                   to_string(spec.shape));
}

std::span<std::byte> OwnSlots::slot(std::size_t input, const Shape& shape) {
  check_shape(specs_[input], shape, "preprocessing");
  return tensors_[input].emplace(specs_[input].dtype, shape).bytes();
}

std::vector<Tensor> OwnSlots::take() {
  std::vector<Tensor> tensors;
  for (std::optional<TensorBuffer>& tensor : tensors_) tensors.push_back(std::move(tensor.value()).freeze());
  return tensors;
}

}  // namespace enxerto

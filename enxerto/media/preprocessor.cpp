#include "enxerto/media/preprocessor.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/audio_preprocessor.h"
#include "enxerto/media/audio/augment_sound.h"
#include "enxerto/media/audio/sound_windows.h"
#include "enxerto/media/audio/utterance_preprocessor.h"
#include "enxerto/media/audio/voice_preprocessor.h"
#include "enxerto/media/audio/whisper_preprocessor.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/text_line_preprocessor.h"
#include "enxerto/media/piece.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "enxerto/media/text/translation_preprocessor.h"

namespace enxerto {
namespace {

class Kinds {
 public:
  static Kinds& table() {
    static Kinds kinds;
    return kinds;
  }

  void add(const PreprocessorKind& kind) {
    const std::lock_guard lock(mutex_);
    if (std::ranges::find(rows_, kind.name, &PreprocessorKind::name) != rows_.end())
      throw usage_error("preprocessor kinds", fmt::format("a second kind '{}'", kind.name), "another name");
    rows_.push_back(kind);
  }

  std::vector<PreprocessorKind> rows() const {
    const std::lock_guard lock(mutex_);
    return rows_;
  }

 private:
  Kinds() {
    add({"image", image_preprocessor_from_record});
    add({"text_line", text_line_preprocessor_from_record});
    add({"text", text_preprocessor_from_record});
    add({"audio", audio_preprocessor_from_record});
    add({"sound_windows", sound_windows_from_record});
    add({"voice", voice_preprocessor_from_record});
    add({"utterance", utterance_preprocessor_from_record});
    add({"translation", translation_preprocessor_from_record});
    add({"whisper", whisper_preprocessor_from_record});
  }

  mutable std::mutex mutex_;
  std::vector<PreprocessorKind> rows_;
};

}  // namespace

std::vector<PreprocessorKind> preprocessor_kinds() { return Kinds::table().rows(); }

void add_preprocessor_kind(const PreprocessorKind& kind) { Kinds::table().add(kind); }

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
  std::vector<std::string_view> names;
  for (const PreprocessorKind& row : preprocessor_kinds()) {
    if (kind == row.name) return row.from_record(members, where);
    names.push_back(row.name);
  }
  refuse("the kind " + kind.dump(), fmt::format("{}", fmt::join(names, ", ")));
  return nullptr;
}

PreprocessorPtr patched(const Preprocessor& own, const Json& patch, std::string_view where) {
  Json record = own.record();
  record.merge_patch(patch);
  return preprocessor_from_record(record, where);
}

int input_size(const Preprocessor& preprocessor) { return preprocessor.record().value("size", 0); }

bool Preprocessor::divides() const { return false; }

std::size_t Preprocessor::windows(std::span<const Field> /*example*/, std::string_view /*where*/) const { return 1; }

std::optional<Preview> Preprocessor::preview(std::span<const Field> /*example*/, const View& /*view*/,
                                             int /*side*/) const {
  return std::nullopt;
}

std::optional<Transcript> Preprocessor::transcript(std::span<const Field> /*example*/,
                                                   std::string_view /*where*/) const {
  return std::nullopt;
}

std::vector<Piece> Preprocessor::pieces(std::span<const Field> example, std::string_view where) const {
  check_readable(example, where);
  return {Piece{.fields = {example.begin(), example.end()}}};
}

void Preprocessor::check_readable(std::span<const Field> example, std::string_view where) const {
  OwnSlots slots(inputs());
  encode(example, {.where = where}, slots);
}

std::string Preprocessor::summary() const { return to_string(inputs()); }

Json Preprocessor::random_changes(const Augmentation& augmentation) const {
  refuse_sound_changes(augmentation, to_string(inputs()));
  if (!changes_pictures(augmentation)) return Json::object();
  throw usage_error("augmentation", "augmentation of pictures",
                    fmt::format("no augmentation, for the inputs {}", to_string(inputs())), "leave it out");
}

Augmentation Preprocessor::usual_augmentation() const { return {}; }

std::vector<std::string> Preprocessor::networks() const { return {}; }

PreprocessorPtr Preprocessor::with_networks(const NetworkRuns& /*runs*/) const {
  throw usage_error("preprocessing", "networks for one that looks with none", "one that does");
}

void check_shape(const InputSpec& spec, const Shape& shape, std::string_view where) {
  if (spec.allows(shape)) return;
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

#include "enxerto/engine/torch/training_state.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <c10/util/StringUtil.h>

#include <unordered_map>

#include "enxerto/base/error.h"
#include "enxerto/engine/torch/tensors.h"

namespace enxerto {
namespace {

constexpr const char* kTip = "a state of this network, saved with these options";

[[noreturn]] void refuse(const std::string& name, std::string found, std::string expected) {
  throw weights_error(c10::str("training state '", name, "'"), std::move(found), std::move(expected), kTip);
}

std::string described(DType dtype, const Shape& shape) { return c10::str(name_of(dtype), " ", to_string(shape)); }

std::string text_of(const Tensor& tensor) { return {reinterpret_cast<const char*>(tensor.data()), tensor.byte_size()}; }

void check_fits(const std::string& name, const Tensor& saved, const at::Tensor& live) {
  const DType dtype = from_torch(live.scalar_type());
  const Shape shape(live.sizes().begin(), live.sizes().end());
  if (saved.dtype() != dtype || saved.shape() != shape)
    refuse(name, described(saved.dtype(), saved.shape()), described(dtype, shape));
}

void check_text(const std::string& name, const Tensor& saved, const at::Tensor& live) {
  const Tensor own = copy_of(live);
  if (!identical(saved, own)) refuse(name, c10::str("'", text_of(saved), "'"), c10::str("'", text_of(own), "'"));
}

}  // namespace

void TrainingState::add(std::string name, at::Tensor tensor) {
  slots_.push_back({.name = std::move(name), .live = std::move(tensor)});
}

void TrainingState::add_text(std::string name, std::string_view text) {
  const auto* const letters = reinterpret_cast<const std::uint8_t*>(text.data());
  const Tensor tensor = Tensor::of<std::uint8_t>({static_cast<std::int64_t>(text.size())}, {letters, text.size()});
  slots_.push_back({.name = std::move(name), .live = view_of(tensor), .is_text = true});
}

StateDict TrainingState::save() const {
  StateDict saved;
  for (const Slot& slot : slots_) saved.set(slot.name, copy_of(slot.live));
  return saved;
}

void TrainingState::restore(const StateDict& saved) const {
  for (const Slot& slot : slots_) {
    const Tensor* const tensor = saved.find(slot.name);
    if (tensor == nullptr) refuse(slot.name, "missing", "an existing entry");
    if (slot.is_text) check_text(slot.name, *tensor, slot.live);
  }
  restore_some(saved);
}

void TrainingState::restore_some(const StateDict& saved) const {
  std::unordered_map<std::string_view, const Slot*> known;
  for (const Slot& slot : slots_) known.emplace(slot.name, &slot);
  for (const auto& [name, tensor] : saved) {
    const auto place = known.find(name);
    if (place == known.end()) refuse(name, "nothing has this name", "");
    check_fits(name, tensor, place->second->live);
  }
  const at::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : saved) {
    const Slot& slot = *known.at(name);
    if (!slot.is_text) slot.live.copy_(view_of(tensor));
  }
}

}  // namespace enxerto

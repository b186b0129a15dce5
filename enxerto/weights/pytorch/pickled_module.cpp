#include "enxerto/weights/pytorch/pickled_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "enxerto/weights/pytorch/rebuild_tensor.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

// Modules may be shared, so that a small file can describe a network without end. The largest published ones have some
// 10,000 modules 20 deep.
constexpr int kDepthLimit = 100;
constexpr std::size_t kModuleLimit = 200'000;
constexpr std::size_t kNameBytesLimit = std::size_t{64} << 20;
constexpr std::size_t kStepLimit = 50'000'000;

const PickleValue* attribute(const PickleValue& module, std::string_view name) {
  const PickleValue* found = nullptr;
  if (!module.is(PickleKind::object) || module.state == nullptr) return found;
  for (const auto& [key, value] : module.state->items) {
    if (key->is(PickleKind::text) && key->text == name) found = value;
  }
  return found;
}

/// The texts of a set: elements in newer protocols, set([..]) in older ones.
std::unordered_set<std::string_view> texts_of_set(const PickleValue* set) {
  std::unordered_set<std::string_view> texts;
  if (set == nullptr) return texts;
  const PickleValue* holder = set;
  if (set->is(PickleKind::object) && !set->argument->elements.empty()) holder = set->argument->elements.front();
  for (const PickleValue* element : holder->elements) {
    if (element->is(PickleKind::text)) texts.insert(element->text);
  }
  return texts;
}

class Walk {
 public:
  explicit Walk(std::string_view where) : where_(where) {}

  void visit(const PickleValue& module, const std::string& prefix, int depth) {
    if (depth == kDepthLimit || ++modules_ > kModuleLimit) fail();
    count_steps(module.state);
    add_tensors(attribute(module, "_parameters"), prefix, {});
    add_tensors(attribute(module, "_buffers"), prefix, texts_of_set(attribute(module, "_non_persistent_buffers_set")));
    const PickleValue* const children = attribute(module, "_modules");
    if (children == nullptr) return;
    count_steps(children);
    for (const auto& [key, child] : children->items) {
      if (!key->is(PickleKind::text) || !is_pickled_module(*child)) continue;
      visit(*child, named(prefix, key->text) + '.', depth + 1);
    }
  }

  std::vector<NamedValue> take() { return std::move(found_); }

 private:
  void add_tensors(const PickleValue* dict, const std::string& prefix,
                   const std::unordered_set<std::string_view>& without) {
    if (dict == nullptr) return;
    count_steps(dict);
    for (const auto& [key, value] : dict->items) {
      if (!key->is(PickleKind::text) || !is_tensor(*value) || without.contains(key->text)) continue;
      found_.push_back({.name = named(prefix, key->text), .value = value});
    }
  }

  void count_steps(const PickleValue* dict) {
    steps_ += dict->items.size();
    if (steps_ > kStepLimit) fail();
  }

  std::string named(const std::string& prefix, std::string_view name) {
    name_bytes_ += prefix.size() + name.size() + 1;
    if (name_bytes_ > kNameBytesLimit) fail();
    return prefix + std::string(name);
  }

  [[noreturn]] void fail() const {
    throw_weights_error(where_, {.found = "holds a network whose modules contain each other endlessly",
                                 .expected = fmt::format("at most {} modules, {} deep", kModuleLimit, kDepthLimit),
                                 .tip = "save the weights with torch.save(model.state_dict(), ..)"});
  }

  std::string_view where_;
  std::vector<NamedValue> found_;
  std::size_t modules_ = 0, name_bytes_ = 0, steps_ = 0;
};

}  // namespace

bool is_pickled_module(const PickleValue& value) {
  return attribute(value, "_parameters") != nullptr && attribute(value, "_modules") != nullptr;
}

std::vector<NamedValue> tensors_of_module(const PickleValue& module, std::string_view where) {
  Walk walk(where);
  walk.visit(module, "", 0);
  return walk.take();
}

std::string class_of(const PickleValue& object) {
  const PickleValue* type = object.callee;
  // copyreg._reconstructor(class, object, None) makes objects of old-fashioned pickles.
  const bool copied = type->is(PickleKind::global) && type->text == "_reconstructor";
  if (copied && !object.argument->elements.empty()) type = object.argument->elements.front();
  // ("module", class, file, source) in files before 1.6
  if (type->is(PickleKind::persistent) && type->argument->elements.size() > 1) type = type->argument->elements[1];
  return type->is(PickleKind::global) ? shown(fmt::format("{}.{}", type->module, type->text)) : "an unknown class";
}

}  // namespace enxerto

#include "enxerto/weights/pytorch/state_dict_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "enxerto/weights/pytorch/torch_names.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

using Items = std::vector<std::pair<const PickleValue*, const PickleValue*>>;

constexpr std::array<std::string_view, 10> kWrappers{
    "state_dict", "model_state_dict", "model",          "module",    "net",
    "network",    "weights",          "state_dict_ema", "model_ema", "ema"};
constexpr int kWrapperDepth = 3;
constexpr std::size_t kNamesShown = 8;

bool is_dict(const PickleValue& value) {
  return value.is(PickleKind::dict) ||
         (value.is(PickleKind::object) && torch_name(*value.callee).role == TorchRole::ordered_dict);
}

/// Python 2 pickled an OrderedDict with its items as the argument: [[key, value], ..].
void add_items_of_python2(const PickleValue& dict, Items& items) {
  if (!dict.is(PickleKind::object) || dict.argument->elements.empty()) return;
  for (const PickleValue* pair : dict.argument->elements.front()->elements) {
    if (pair->elements.size() == 2) items.emplace_back(pair->elements[0], pair->elements[1]);
  }
}

Items items_of(const PickleValue& dict) {
  Items items;
  add_items_of_python2(dict, items);
  items.insert(items.end(), dict.items.begin(), dict.items.end());
  return items;
}

const PickleValue* member(const Items& items, std::string_view key) {
  const PickleValue* found = nullptr;
  for (const auto& [name, value] : items) {
    if (name->is(PickleKind::text) && name->text == key) found = value;
  }
  return found;
}

bool has_tensor(const Items& items) {
  return std::ranges::any_of(items, [](const auto& item) { return is_tensor(*item.second); });
}

std::string key_list(const std::vector<std::string>& keys) {
  const auto first = std::span(keys).first(std::min(keys.size(), kNamesShown));
  std::string text = fmt::format("{}", fmt::join(first, ", "));
  if (keys.size() > kNamesShown) text += fmt::format(" and {} more", keys.size() - kNamesShown);
  return text;
}

std::string key_text(const PickleValue& key) {
  if (key.is(PickleKind::text)) return shown(key.text);
  if (key.is(PickleKind::integer)) return fmt::format("{}", key.integer);
  return "a key that is no text";
}

std::string kind_text(const PickleValue& root) {
  if (is_tensor(root)) return "a single tensor";
  if (root.is(PickleKind::list) || root.is(PickleKind::tuple)) return "a list";
  if (root.is(PickleKind::object) && root.callee->is(PickleKind::global)) {
    return "an object of the class " + shown(fmt::format("{}.{}", root.callee->module, root.callee->text));
  }
  return "something that is no dict";
}

/// Follows wrappers down to the dict that has the tensors; nullptr where there is none.
const PickleValue* unwrap(const PickleValue& value, int depth, std::vector<std::string>& path) {
  if (depth > kWrapperDepth || !is_dict(value)) return nullptr;
  const Items items = items_of(value);
  if (has_tensor(items)) return &value;
  for (const std::string_view wrapper : kWrappers) {
    const PickleValue* const inner = member(items, wrapper);
    if (inner == nullptr) continue;
    path.emplace_back(wrapper);
    if (const PickleValue* const found = unwrap(*inner, depth + 1, path)) return found;
    path.pop_back();
  }
  return nullptr;
}

[[noreturn]] void fail_without_tensors(const PickleValue& root, std::string_view where) {
  const std::string tip = "save the weights with torch.save(model.state_dict(), ..)";
  if (!is_dict(root)) {
    throw_weights_error(where,
                        {.found = "holds " + kind_text(root), .expected = "a state dict: tensors by name", .tip = tip});
  }
  std::vector<std::string> keys;
  for (const auto& item : items_of(root)) keys.push_back(key_text(*item.first));
  throw_weights_error(
      where, {.found = keys.empty() ? "holds an empty dict" : "holds a dict of " + key_list(keys),
              .expected = fmt::format("tensors by name, or a dict of them under one of {}", fmt::join(kWrappers, ", ")),
              .tip = tip});
}

void note_wrapper(const PickleValue& root, const std::vector<std::string>& path, std::vector<std::string>& notes) {
  if (path.empty()) return;
  std::vector<std::string> others;
  for (const auto& item : items_of(root)) {
    if (!item.first->is(PickleKind::text) || item.first->text != path.front()) others.push_back(key_text(*item.first));
  }
  std::string note = fmt::format("took the weights under '{}'", fmt::join(path, "."));
  if (!others.empty()) note += ", not " + key_list(others);
  notes.push_back(std::move(note));
}

}  // namespace

StateDict state_dict_in(const PickleValue& root, TensorRebuilder& rebuilder, std::string_view where,
                        std::vector<std::string>& notes) {
  std::vector<std::string> path;
  const PickleValue* const dict = unwrap(root, 0, path);
  if (dict == nullptr) fail_without_tensors(root, where);
  note_wrapper(root, path, notes);
  StateDict tensors;
  std::vector<std::string> ignored;
  for (const auto& [key, value] : items_of(*dict)) {
    if (!key->is(PickleKind::text) || !is_tensor(*value)) {
      ignored.push_back(key_text(*key));
      continue;
    }
    tensors.set(std::string(key->text), rebuilder.rebuild(*value, key->text));
  }
  if (!ignored.empty()) notes.push_back("ignored what is no tensor with a name: " + key_list(ignored));
  if (tensors.empty()) fail_without_tensors(root, where);
  return tensors;
}

StateDict without_wrapper_prefixes(StateDict tensors, std::vector<std::string>& notes) {
  constexpr std::array<std::string_view, 2> kPrefixes{"module.", "_orig_mod."};
  std::size_t length = 0;
  bool again = true;
  while (again) {
    again = false;
    for (const std::string_view prefix : kPrefixes) {
      const auto begins = [&](const auto& entry) {
        return std::string_view(entry.first).substr(length).starts_with(prefix);
      };
      if (!std::ranges::all_of(tensors, begins)) continue;
      length += prefix.size();
      again = true;
    }
  }
  if (length == 0) return tensors;
  notes.push_back(fmt::format("removed the prefix '{}' from all names", tensors.begin()->first.substr(0, length)));
  StateDict stripped;
  for (const auto& [name, tensor] : tensors) stripped.set(name.substr(length), tensor);
  return stripped;
}

}  // namespace enxerto

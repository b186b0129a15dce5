#include "enxerto/weights/pytorch/state_dict_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/pytorch/pickled_module.h"
#include "enxerto/weights/pytorch/torch_names.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

using Items = std::vector<std::pair<const PickleValue*, const PickleValue*>>;

constexpr std::array<std::string_view, 18> kWrappers{
    "state_dict", "model_state_dict", "model_state", "model",    "module",  "net",
    "network",    "weights",          "params",      "backbone", "encoder", "state_dict_ema",
    "model_ema",  "ema_state_dict",   "params_ema",  "ema",      "teacher", "student"};
constexpr int kWrapperDepth = 3;
constexpr std::size_t kNamesShown = 8;

/// A dict or what a class made of one: OrderedDict, defaultdict, and whatever else items are set in.
bool is_dict(const PickleValue& value) {
  return value.is(PickleKind::dict) ||
         (value.is(PickleKind::object) &&
          (torch_name(*value.callee).role == TorchRole::ordered_dict || !value.items.empty()));
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

std::size_t count_tensors(const Items& items) {
  return to_size(std::ranges::count_if(items, [](const auto& item) { return is_tensor(*item.second); }));
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
  return "a key that is not a string";
}

std::string kind_text(const PickleValue& root) {
  if (is_tensor(root)) return "a single tensor";
  if (root.is(PickleKind::list) || root.is(PickleKind::tuple)) return "a list";
  if (root.is(PickleKind::object)) return "an object of the class " + class_of(root);
  return "something other than a dict";
}

bool is_numpy_array(const PickleValue& value) {
  return value.is(PickleKind::object) && value.callee->is(PickleKind::global) &&
         value.callee->module.starts_with("numpy") && value.callee->text == "_reconstruct";
}

/// Looks for what has the tensors: a dict of them or a pickled network, at the root or in wrappers around it.
class Finder {
 public:
  explicit Finder(std::string_view where) : where_(where) {}

  struct Found {
    const PickleValue* holder = nullptr;
    std::vector<std::string> path = {};  ///< wrappers, outermost first
  };

  /// `holder` is nullptr where there is nothing.
  Found find(const PickleValue& value, int depth) {
    // What was looked into needs no second look: wrappers may be shared, or hold themselves.
    if (depth > kWrapperDepth || !seen_.insert(&value).second) return {};
    if (is_pickled_module(value)) {
      return tensors_of_module(value, where_).empty() ? Found{} : Found{.holder = &value};
    }
    if (!is_dict(value)) return {};
    const Items items = items_of(value);
    const std::size_t own = count_tensors(items);
    for (const std::string_view wrapper : kWrappers) {
      const PickleValue* const inner = member(items, wrapper);
      if (inner == nullptr) continue;
      Found found = find(*inner, depth + 1);
      // A checkpoint may keep a few tensors next to its weights: states of generators, statistics of the data.
      if (found.holder == nullptr || own >= size_of(*found.holder)) continue;
      found.path.insert(found.path.begin(), std::string(wrapper));
      return found;
    }
    return own > 0 ? Found{.holder = &value} : Found{};
  }

 private:
  std::size_t size_of(const PickleValue& holder) const {
    return is_pickled_module(holder) ? tensors_of_module(holder, where_).size() : count_tensors(items_of(holder));
  }

  std::string_view where_;
  std::unordered_set<const PickleValue*> seen_;
};

[[noreturn]] void fail_without_tensors(const PickleValue& root, std::string_view where) {
  const std::string tip = "save the weights with torch.save(model.state_dict(), ..)";
  if (!is_dict(root)) {
    throw_weights_error(where,
                        {.found = "holds " + kind_text(root), .expected = "a state dict: tensors by name", .tip = tip});
  }
  const Items items = items_of(root);
  if (std::ranges::any_of(items, [](const auto& item) { return is_numpy_array(*item.second); })) {
    throw_weights_error(where,
                        {.found = "holds NumPy arrays",
                         .expected = "tensors by name",
                         .tip = "convert them to tensors: {name: torch.from_numpy(array) for name, array in ..}"});
  }
  std::vector<std::string> keys;
  for (const auto& item : items) keys.push_back(key_text(*item.first));
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

StateDict tensors_of_dict(const PickleValue& dict, TensorRebuilder& rebuilder, std::vector<std::string>& notes) {
  StateDict tensors;
  std::vector<std::string> ignored;
  for (const auto& [key, value] : items_of(dict)) {
    if (!key->is(PickleKind::text) || !is_tensor(*value)) {
      ignored.push_back(key_text(*key));
      continue;
    }
    tensors.set(std::string(key->text), rebuilder.rebuild(*value, key->text));
  }
  if (!ignored.empty()) notes.push_back("ignored entries that are not named tensors: " + key_list(ignored));
  return tensors;
}

}  // namespace

StateDict state_dict_in(const PickleValue& root, TensorRebuilder& rebuilder, std::string_view where,
                        std::vector<std::string>& notes) {
  const Finder::Found found = Finder(where).find(root, 0);
  if (found.holder == nullptr) fail_without_tensors(root, where);
  note_wrapper(root, found.path, notes);
  StateDict tensors;
  if (is_pickled_module(*found.holder)) {
    for (const NamedValue& one : tensors_of_module(*found.holder, where)) {
      tensors.set(one.name, rebuilder.rebuild(*one.value, one.name));
    }
    notes.push_back("took the parameters and buffers of an object of the class " + class_of(*found.holder) +
                    ", whose code was not run");
  } else {
    tensors = tensors_of_dict(*found.holder, rebuilder, notes);
  }
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

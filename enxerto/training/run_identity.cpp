#include "enxerto/training/run_identity.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/files/json.h"
#include "enxerto/files/toml.h"

namespace enxerto {
namespace {

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + (path.back() >= '0' && path.back() <= '9' ? ": " : ".") + key;
}

std::string shown(const Json* value) { return value == nullptr ? "not there" : value->dump(); }

const Json* child(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string difference(const std::string& path, const Json* before, const Json* now);

std::string object_difference(const std::string& path, const Json& before, const Json& now) {
  for (const auto& [key, value] : before.items()) {
    const std::string text = difference(below(path, key), &value, child(now, key));
    if (!text.empty()) return text;
  }
  for (const auto& [key, value] : now.items())
    if (child(before, key) == nullptr) return difference(below(path, key), nullptr, &value);
  return "";
}

std::string difference(const std::string& path, const Json* before, const Json* now) {
  if (before != nullptr && now != nullptr) {
    if (*before == *now) return "";
    if (before->is_object() && now->is_object()) return object_difference(path, *before, *now);
    if (before->is_array() && now->is_array() && !before->empty() && before->front().is_object()) {
      for (std::size_t i = 0; i < std::max(before->size(), now->size()); ++i) {
        const std::string text =
            difference(fmt::format("{} {}", path, i + 1), i < before->size() ? &before->at(i) : nullptr,
                       i < now->size() ? &now->at(i) : nullptr);
        if (!text.empty()) return text;
      }
    }
  }
  return fmt::format("{} was {}, is {}", path, shown(before), shown(now));
}

[[noreturn]] void refuse(ErrorKind kind, const std::filesystem::path& folder, std::string found, std::string expected) {
  throw Error(kind, {.where = folder.string(),
                     .found = std::move(found),
                     .expected = std::move(expected),
                     .tip = "repeat the interrupted run, or remove this folder and start again"});
}

std::string quoted(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  const std::span<const std::string> shown_names(names.data(), std::min(names.size(), kMost));
  return fmt::format("{} classes ({}{})", names.size(), fmt::join(shown_names, ", "),
                     names.size() > kMost ? ", .." : "");
}

}  // namespace

std::string recipe_difference(const std::string& before, const std::string& now) {
  try {
    const Json old = parse_toml(before, "recipe"), current = parse_toml(now, "recipe");
    return difference("", &old, &current);
  } catch (const Error&) {
    return "";
  }
}

std::string to_text(const RunIdentity& identity) {
  return Json{{"network", identity.network},
              {"classes", identity.classes},
              {"data", identity.data},
              {"recipe", identity.recipe},
              {"machine", identity.machine}}
      .dump();
}

RunIdentity run_identity_from(std::string_view text, std::string_view where) {
  const Json json = parse_json(text, where, ErrorKind::weights);
  const auto word = [&](std::string_view key) { return member<std::string>(json, key, where, ErrorKind::weights); };
  return {.network = word("network"),
          .classes = member<std::vector<std::string>>(json, "classes", where, ErrorKind::weights),
          .data = word("data"),
          .recipe = word("recipe"),
          .machine = word("machine")};
}

void require_same_run(const RunIdentity& found, const RunIdentity& wanted, const std::filesystem::path& folder) {
  if (found.classes != wanted.classes)
    refuse(ErrorKind::usage, folder, "the interrupted run has " + quoted(found.classes),
           "the same classes in the same order; this run has " + quoted(wanted.classes));
  if (found.recipe != wanted.recipe) {
    const std::string key = recipe_difference(found.recipe, wanted.recipe);
    refuse(ErrorKind::usage, folder,
           "the interrupted run has another recipe" + (key.empty() ? std::string() : ": " + key), "the same recipe");
  }
  if (found.data != wanted.data)
    refuse(ErrorKind::usage, folder, "the interrupted run was trained on other data",
           "the same files in the same split");
  if (found.network != wanted.network)
    refuse(ErrorKind::weights, folder,
           fmt::format("the checkpoint is of another network or of other initial weights ({})", found.network),
           wanted.network);
}

}  // namespace enxerto

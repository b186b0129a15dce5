#include "enxerto/data/coco_ids.h"

#include <algorithm>
#include <filesystem>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using Names = std::map<std::int64_t, std::string>;

/// A list of the file, what messages call an entry, and what its name is called.
struct NamedList {
  const char *list, *one, *key;
};

/// The list's names by id.
Names names_of(const Json& json, const std::string& path, const NamedList& named, DataFaults& faults) {
  const auto& [list, one, key] = named;
  if (!json.is_object() || !json.contains(list) || !json[list].is_array())
    throw data_error(path, fmt::format("no list '{}'", list), "images and categories, as COCO has them");
  Names names;
  std::map<std::string, std::size_t> numbers;  // in the list, by name
  std::size_t number = 0;
  for (const Json& entry : json[list]) {
    const std::string where = fmt::format("{}: {} {}", path, one, ++number);
    going_on(faults, [&] {
      const std::int64_t id = coco_id(entry, "id", where);
      const auto name = member<std::string>(entry, key, where);
      if (!names.emplace(id, name).second)
        throw data_error(where, fmt::format("its id {} appears twice", id), "a different id for each");
      if (name.find_first_not_of(" \t\r\n") == std::string::npos)
        throw data_error(where, fmt::format("an empty '{}'", key), "a name");
      if (const auto [known, is_new] = numbers.emplace(name, number); !is_new)
        throw data_error(where, fmt::format("'{}' is also the '{}' of {} {}", name, key, one, known->second),
                         "a different one for each", "give it one id, and let the annotations have that");
    });
  }
  if (names.empty()) throw data_error(path, fmt::format("no {}", list), "at least one");
  return names;
}

/// Whether `file` ends with the parts of `name`: "val/a.jpg" with "a.jpg", not "ba.jpg".
bool ends_with_path(const std::string& file, const std::string& name) {
  return file.ends_with(name) && (file.size() == name.size() || file[file.size() - name.size() - 1] == '/');
}

}  // namespace

std::vector<std::int64_t> CocoIds::ids_of_categories(const std::vector<std::string>& names,
                                                     const std::string& path) const {
  std::vector<std::int64_t> ids;
  std::vector<std::string> unknown;
  for (const std::string& name : names) {
    const auto known = std::ranges::find(categories, name, &Names::value_type::second);
    if (known == categories.end())
      unknown.push_back(name);
    else
      ids.push_back(known->first);
  }
  if (!unknown.empty())
    throw data_error(path, fmt::format("no category '{}'", fmt::join(unknown, "', '")),
                     "each class of the model, by its name",
                     fmt::format("its categories are '{}'", fmt::join(std::views::values(categories), "', '")));
  return ids;
}

std::vector<std::int64_t> CocoIds::ids_of_images(const std::vector<std::string>& files, const std::string& path) const {
  struct Named {
    std::string name;
    std::int64_t id = 0;
  };
  std::multimap<std::string, Named> by_last_name;
  for (const auto& [id, name] : images)
    by_last_name.emplace(std::filesystem::path(name).filename().string(), Named{name, id});
  std::vector<std::int64_t> ids;
  for (const std::string& file : files) {
    const auto [from, to] = by_last_name.equal_range(std::filesystem::path(file).filename().string());
    std::vector<Named> found;
    for (const auto& [last, named] : std::ranges::subrange(from, to)) {
      if (!ends_with_path(file, named.name) && std::next(from) != to) continue;
      if (!found.empty() && named.name.size() > found.front().name.size()) found.clear();
      if (found.empty() || named.name.size() == found.front().name.size()) found.push_back(named);
    }
    if (found.size() != 1)
      throw data_error(file, fmt::format("{} has {} of that name", path, found.empty() ? "no image" : "several images"),
                       "each picture once, under \"images\"");
    ids.push_back(found.front().id);
  }
  return ids;
}

std::int64_t coco_id(const Json& one, const char* key, const std::string& where) {
  if (one.is_object() && one.contains(key) && one[key].is_number_integer()) return one[key].get<std::int64_t>();
  throw data_error(where, fmt::format("'{}' is missing or not a whole number", key));
}

CocoIds coco_ids(const Json& json, const std::string& path, DataFaults& faults) {
  return {.categories = names_of(json, path, {"categories", "category", "name"}, faults),
          .images = names_of(json, path, {"images", "image", "file_name"}, faults)};
}

CocoIds read_coco_ids(const std::string& path) { return coco_ids(read_json(path, kMostCocoBytes), path); }

}  // namespace enxerto

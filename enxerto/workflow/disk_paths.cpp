#include "enxerto/workflow/disk_paths.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <variant>

#include "enxerto/workflow/recipe_fields.h"

namespace enxerto {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBefore = " \t\n\"'`(>=", kAfter = " \t\n\"'`)<,;:";

/// Where a path may begin in a text: not in the middle of a word or of another path.
bool begins_at(std::string_view text, std::size_t at) {
  return at == 0 || kBefore.find(text[at - 1]) != std::string_view::npos;
}

bool ends_at(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == '/' || kAfter.find(text[at]) != std::string_view::npos;
}

/// As the formats of reports write it.
std::vector<std::string> spellings(const std::string& path) {
  std::string html, markdown;
  for (const char c : path) {
    html += c == '&' ? "&amp;" : std::string(1, c);
    markdown += std::string_view("\\`*_{}[]<>#+-.!|~").find(c) != std::string_view::npos ? std::string("\\") + c
                                                                                         : std::string(1, c);
  }
  return {path, html, markdown};
}

void replace_all(std::string& text, const std::string& path, const std::string& by) {
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at)) {
    if (begins_at(text, at) && ends_at(text, at + path.size())) text.replace(at, path.size(), by);
    at += 1;
  }
}

/// True where "/home/ana/x" begins with a folder that this machine has: a class may be called "/m/01g317".
bool is_of_this_disk(std::string_view path) {
  const std::size_t second = path.find('/', 1);
  std::error_code failed;
  return second != std::string_view::npos && second > 1 && fs::exists(path.substr(0, second), failed);
}

}  // namespace

std::string last_name(std::string_view path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return (normal.has_filename() ? normal : normal.parent_path()).filename().string();
}

DiskPaths::DiskPaths(const TrainReport& report) {
  const char* home = std::getenv("HOME");
  std::error_code failed;
  const auto know = [&](const std::string& path, const std::string& by) {
    if (!fs::path(path).is_absolute()) return;
    std::string plain = fs::path(path).lexically_normal().string();
    while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
    if (plain.size() < 2) return;
    for (std::string& spelling : spellings(plain)) known_.emplace_back(std::move(spelling), by);
  };
  Recipe recipe = report.recipe;
  for (const RecipeField& field : recipe_fields(recipe))
    if (auto* const* text = std::get_if<std::string*>(&field.field.slot)) know(**text, last_name(**text));
  know(report.weights, last_name(report.weights));
  const std::string here = fs::current_path(failed).string();
  know(here, last_name(here));
  if (home != nullptr) know(home, "~");
  std::ranges::stable_sort(known_, [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string DiskPaths::left_out(std::string text) const {
  for (const auto& [path, by] : known_) replace_all(text, path, by);
  for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 1)) {
    if (!begins_at(text, at)) continue;
    const std::size_t end = std::min(text.find_first_of(kAfter, at), text.size());
    const std::string_view path = std::string_view(text).substr(at, end - at);
    if (is_of_this_disk(path)) text.replace(at, end - at, last_name(path));
  }
  // Of Windows, as tables have them that were written there: C:\\Users\\ana\\x.jpg.
  for (std::size_t at = text.find(":\\"); at != std::string::npos; at = text.find(":\\", at + 1)) {
    if (at == 0 || std::isalpha(static_cast<unsigned char>(text[at - 1])) == 0 || !begins_at(text, at - 1)) continue;
    const std::size_t end = std::min(text.find_first_of(kAfter, at + 1), text.size());
    const std::size_t name = text.rfind('\\', end - 1) + 1;
    text.erase(at - 1, name - (at - 1));
    at = at > 1 ? at - 1 : 0;
  }
  return text;
}

Json DiskPaths::left_out(Json json) const {
  if (json.is_string()) return left_out(json.get<std::string>());
  if (json.is_structured())
    for (Json& one : json) one = left_out(std::move(one));
  return json;
}

}  // namespace enxerto

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <tuple>
#include <vector>

#include "enxerto/files/read.h"
#include "enxerto/files/toml.h"

namespace enxerto {
namespace {

struct Source {
  std::string_view where;
  ErrorKind kind;
};

[[noreturn]] void fail(const Source& source, const toml::source_region& region, std::string_view found) {
  throw Error(source.kind, {.where = fmt::format("{}, line {}", source.where, region.begin.line),
                            .found = std::string(found),
                            .expected = "TOML, for example: name = \"resnet50\""});
}

Json to_json(const toml::node& node, const Source& source);

Json table_to_json(const toml::table& table, const Source& source) {
  using Member = std::pair<std::string_view, const toml::node*>;
  std::vector<Member> members;
  for (const auto& [key, value] : table) members.emplace_back(key.str(), &value);
  const auto position = [](const Member& member) {
    const auto& begin = member.second->source().begin;
    return std::tuple(begin.line, begin.column, member.first);
  };
  std::ranges::sort(members, {}, position);
  Json object = Json::object();
  for (const auto& [key, value] : members) object.emplace(std::string(key), to_json(*value, source));
  return object;
}

Json to_json(const toml::node& node, const Source& source) {
  if (const auto* table = node.as_table()) return table_to_json(*table, source);
  if (const auto* array = node.as_array()) {
    Json elements = Json::array();
    for (const toml::node& element : *array) elements.push_back(to_json(element, source));
    return elements;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  fail(source, node.source(), "a date or time, which no key accepts");
}

}  // namespace

Json parse_toml(std::string_view text, std::string_view where, ErrorKind kind) {
  const Source source{where, kind};
  try {
    return table_to_json(toml::parse(text), source);
  } catch (const toml::parse_error& error) {
    fail(source, error.source(), error.description());
  }
}

Json read_toml(const std::filesystem::path& path, std::size_t limit, ErrorKind kind) {
  return parse_toml(read_text(path, limit, kind), path.string(), kind);
}

}  // namespace enxerto

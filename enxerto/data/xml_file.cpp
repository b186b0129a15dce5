#include "enxerto/data/xml_file.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/require_utf8.h"

namespace enxerto {

std::string trimmed_xml(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t begin = std::min(text.find_first_not_of(kSpaces), text.size());
  const std::size_t end = text.find_last_not_of(kSpaces);
  return std::string(text.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin));
}

std::string line_of_xml(std::string_view text, const std::string& path, std::ptrdiff_t offset) {
  const std::string_view before = text.substr(0, std::min(static_cast<std::size_t>(offset), text.size()));
  return fmt::format("{}:{}", path, 1 + std::ranges::count(before, '\n'));
}

void parse_xml(std::string_view text, const std::string& path, std::string_view expected,
               pugi::xml_document& document) {
  const pugi::xml_parse_result result =
      document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype);
  if (!result)
    throw data_error(line_of_xml(text, path, result.offset), fmt::format("no XML: {}", result.description()),
                     std::string(expected));
  if (result.encoding == pugi::encoding_utf8) require_utf8(text, path);
  for (const pugi::xml_node& node : document.children()) {
    if (node.type() != pugi::node_doctype || std::string_view(node.value()).find("<!ENTITY") == std::string_view::npos)
      continue;
    throw data_error(line_of_xml(text, path, node.offset_debug()), "entities of its own (<!ENTITY ..>)",
                     "a file without them: they are not expanded", "write what they stand for in their place");
  }
}

}  // namespace enxerto

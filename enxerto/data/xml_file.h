#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace enxerto {

/// Reads XML into `document`. Entities of XML itself (`&amp;`) are characters. Throws Error{data} naming `path` and the
/// line for what is no XML (`expected` says of which form it should be), and for a file that declares entities of its
/// own, which are never expanded.
void parse_xml(std::string_view text, const std::string& path, std::string_view expected, pugi::xml_document& document);

/// Without white space around it.
std::string trimmed_xml(std::string_view text);

/// "a.xml:3": the line in which something of the text stands.
std::string line_of_xml(std::string_view text, const std::string& path, std::ptrdiff_t offset);

}  // namespace enxerto

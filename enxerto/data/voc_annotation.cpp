#include "enxerto/data/voc_annotation.h"

#include <optional>
#include <pugixml.hpp>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/xml_file.h"

namespace enxerto {
namespace {

std::string text_in(const pugi::xml_node& parent, const char* name) {
  return trimmed_xml(parent.child(name).child_value());
}

std::optional<double> number_in(const pugi::xml_node& parent, const char* name) {
  return plain_number(text_in(parent, name));
}

/// Empty, and a fault, where something is missing.
std::optional<VocObject> object_of(const pugi::xml_node& node, std::size_t number, const std::string& where,
                                   BoxFaults& faults) {
  VocObject object{.number = number, .name = text_in(node, "name")};
  if (object.name.empty()) {
    faults.add(where, "no <name>");
    return std::nullopt;
  }
  const pugi::xml_node box = node.child("bndbox");
  if (!box) {
    faults.add(where, fmt::format("'{}' without a <bndbox>", object.name));
    return std::nullopt;
  }
  for (const auto& [name, value] :
       {std::pair{"xmin", &object.left}, {"ymin", &object.top}, {"xmax", &object.right}, {"ymax", &object.bottom}}) {
    const std::optional<double> read = number_in(box, name);
    if (!read) {
      faults.add(where, box.child(name) ? fmt::format("<{}> '{}' is no number", name, text_in(box, name))
                                        : fmt::format("no <{}>", name));
      return std::nullopt;
    }
    *value = *read;
  }
  object.difficult = text_in(node, "difficult") == "1";
  return object;
}

}  // namespace

bool looks_like_voc(std::string_view text) {
  constexpr std::string_view kBegin = "<annotation";
  const std::string_view head = text.substr(0, 4096);
  const std::size_t at = head.find(kBegin);
  return at != std::string_view::npos && head.substr(at + kBegin.size(), 1) != "s";  // <annotations> is CVAT's
}

VocAnnotation parse_voc_annotation(std::string_view text, const std::string& path, BoxFaults& faults) {
  pugi::xml_document document;
  parse_xml(text, path, "a file in the form of PASCAL VOC", document);
  const pugi::xml_node annotation = document.child("annotation");
  if (!annotation)
    throw data_error(path, fmt::format("<{}>", document.document_element().name()),
                     "<annotation>, as files in the form of PASCAL VOC begin");
  VocAnnotation read{.path = path, .filename = text_in(annotation, "filename"), .objects = {}};
  const pugi::xml_node size = annotation.child("size");
  read.width = number_in(size, "width").value_or(0);
  read.height = number_in(size, "height").value_or(0);
  if (!(read.width >= 0) || !(read.height >= 0))
    throw data_error(path, fmt::format("a <size> of {:g} x {:g} px", read.width, read.height),
                     "pixels, or 0 where they are not known", "correct it");
  std::size_t number = 0;
  for (const pugi::xml_node& node : annotation.children("object")) {
    ++number;
    if (auto object = object_of(node, number, fmt::format("{}: object {}", path, number), faults))
      read.objects.push_back(std::move(*object));
  }
  return read;
}

}  // namespace enxerto

#include "enxerto/data/cvat_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <pugixml.hpp>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/xml_file.h"

namespace enxerto {
namespace {

double cvat_number(const pugi::xml_node& node, const char* name, const std::string& where) {
  const std::string text = trimmed_xml(node.attribute(name).value());
  if (const auto number = plain_number(text); number && std::isfinite(*number)) return *number;
  throw data_error(
      where, node.attribute(name) ? fmt::format("{}=\"{}\" is no number", name, text) : fmt::format("no {}", name),
      "a file as CVAT writes it");
}

int cvat_place(const pugi::xml_node& node, const char* name, const std::string& where) {
  const double number = cvat_number(node, name, where);
  if (number < 0 || number > INT16_MAX * 2 || number != std::floor(number))
    throw data_error(where, fmt::format("{}=\"{:g}\"", name, number), "a whole number of pixels");
  return static_cast<int>(number);
}

/// Shapes are read from their element into `shape`.
struct ReadShape {
  const pugi::xml_node& node;
  const OutlineFrame& frame;
  LabelledShape& shape;
};

void read_box(const ReadShape& read) {
  const auto side = [&](const char* name) { return cvat_number(read.node, name, read.shape.where); };
  if (read.node.attribute("rotation") && side("rotation") != 0)
    throw data_error(read.shape.where,
                     fmt::format("a box of '{}' that is turned by {:g} degrees", read.shape.label, side("rotation")),
                     "a box that stands upright", "draw it as a polygon");
  read.shape.rectangle = true;
  read.shape.points = corners_of_box(side("xtl"), side("ytl"), side("xbr"), side("ybr"));
}

void read_polygon(const ReadShape& read) {
  for (const std::string_view word : words_between(read.node.attribute("points").value(), " ,;")) {
    const auto number = plain_number(word);
    if (!number)
      throw data_error(read.shape.where, fmt::format("'{}' among its points is no number", word), "x,y;x,y;..");
    read.shape.points.push_back(*number);
  }
  if (read.shape.points.empty()) throw data_error(read.shape.where, "a polygon without points", "x,y;x,y;..");
}

void read_ellipse(const ReadShape& read) {
  const auto value = [&](const char* name) { return cvat_number(read.node, name, read.shape.where); };
  read.shape.points = polygon_of_ellipse({.x = value("cx"),
                                          .y = value("cy"),
                                          .across = value("rx"),
                                          .down = value("ry"),
                                          .degrees = read.node.attribute("rotation") ? value("rotation") : 0},
                                         read.frame, read.shape.where);
}

void read_mask(const ReadShape& read) {
  const std::string& where = read.shape.where;
  const auto place = [&](const char* name) { return cvat_place(read.node, name, where); };
  CvatMask mask{
      .counts = {}, .left = place("left"), .top = place("top"), .width = place("width"), .height = place("height")};
  for (const std::string_view word : words_between(read.node.attribute("rle").value(), " ,")) {
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
    if (error != std::errc() || end != word.data() + word.size())
      throw data_error(where, fmt::format("'{}' in its RLE is no length", word), "whole numbers");
    mask.counts.push_back(count);
  }
  read.shape.runs = runs_of_cvat(mask, read.frame, where);
}

struct CvatKind {
  std::string_view name;
  void (*read)(const ReadShape& read);  ///< null: it has no area
};
constexpr std::array<CvatKind, 8> kCvatKinds{{{"box", read_box},
                                              {"polygon", read_polygon},
                                              {"ellipse", read_ellipse},
                                              {"mask", read_mask},
                                              {"polyline", nullptr},
                                              {"points", nullptr},
                                              {"cuboid", nullptr},
                                              {"skeleton", nullptr}}};

/// An element of an image that is a shape.
struct CvatShape {
  pugi::xml_node node;
  const CvatKind* kind = nullptr;
  std::size_t number = 0;  ///< in the file, from 1
  double layer = 0;
};

std::vector<CvatShape> shapes_of(const pugi::xml_node& image) {
  std::vector<CvatShape> shapes;
  for (const pugi::xml_node& node : image.children()) {
    const auto* const kind = std::ranges::find(kCvatKinds, std::string_view(node.name()), &CvatKind::name);
    if (kind != kCvatKinds.end())
      shapes.push_back({node, kind, shapes.size() + 1, plain_number(node.attribute("z_order").value()).value_or(0)});
  }
  std::ranges::stable_sort(shapes, {}, &CvatShape::layer);
  return shapes;
}

void add_shape(const CvatShape& of, CvatImage& image) {
  const auto& [node, kind, number, layer] = of;
  LabelledShape shape{.label = trimmed_xml(node.attribute("label").value()),
                      .where = fmt::format("{}: shape {}", image.where, number)};
  if (kind->read == nullptr)
    throw data_error(shape.where, fmt::format("'{}' is a {}", shape.label, kind->name),
                     "a box, a polygon, an ellipse or a mask", "draw it as a polygon, or remove it");
  kind->read({node, image.frame, shape});
  require_shape(shape, image.frame);
  image.shapes.push_back(std::move(shape));
}

CvatImage image_of(const pugi::xml_node& node, const std::string& path, DataFaults& faults) {
  const std::string name = trimmed_xml(node.attribute("name").value());
  CvatImage image{.name = name,
                  .subset = trimmed_xml(node.attribute("subset").value()),
                  .where = fmt::format("{}: image '{}'", path, name)};
  if (name.empty()) throw data_error(path, "an <image> without a name", "a file as CVAT writes it");
  image.frame =
      frame_of_sides(cvat_number(node, "width", image.where), cvat_number(node, "height", image.where), image.where);
  for (const CvatShape& shape : shapes_of(node)) going_on(faults, [&] { add_shape(shape, image); });
  return image;
}

}  // namespace

OutlineRuns runs_of_cvat(const CvatMask& mask, const OutlineFrame& frame, const std::string& where) {
  const std::uint64_t pixels = to_size(mask.width) * to_size(mask.height);
  if (pixels == 0 || mask.left + mask.width > frame.width || mask.top + mask.height > frame.height)
    throw data_error(where,
                     fmt::format("a mask from ({}, {}) of {} x {} px, and its picture has {} x {}", mask.left, mask.top,
                                 mask.width, mask.height, frame.width, frame.height),
                     "a mask inside its picture", "draw it again, or remove it");
  const std::uint64_t sum = std::accumulate(mask.counts.begin(), mask.counts.end(), std::uint64_t{0});
  if (sum != pixels)
    throw data_error(where,
                     fmt::format("an RLE of {} pixels for a mask of {}: it {}", sum, pixels,
                                 sum > pixels ? "overruns" : "ends too early"),
                     "lengths that add up to the mask's pixels", "draw it again, or remove it");
  std::vector<bool> inside(pixels);
  std::size_t at = 0;
  for (std::size_t i = 0; i < mask.counts.size(); at += mask.counts[i++])
    if (i % 2 == 1) std::fill_n(inside.begin() + static_cast<std::ptrdiff_t>(at), mask.counts[i], true);
  OutlineRuns runs;
  std::size_t drawn = 0;  // down the columns, up to the run that is being made
  const auto end_run = [&](std::size_t place) {
    runs.push_back(static_cast<std::uint32_t>(place - drawn));
    drawn = place;
  };
  for (int x = 0; x < mask.width; ++x) {
    const std::size_t column = to_size(mask.left + x) * to_size(frame.height) + to_size(mask.top);
    for (int y = 0; y < mask.height; ++y) {
      const bool is_inside = inside[to_size(y) * to_size(mask.width) + to_size(x)];
      if (is_inside != (runs.size() % 2 == 1)) end_run(column + to_size(y));
    }
    if (runs.size() % 2 == 1) end_run(column + to_size(mask.height));
  }
  end_run(to_size(frame.width) * to_size(frame.height));
  return runs;
}

bool looks_like_cvat(std::string_view text) {
  return text.substr(0, 4096).find("<annotations") != std::string_view::npos;
}

CvatFile parse_cvat_file(std::string_view text, const std::string& path, DataFaults& faults) {
  pugi::xml_document document;
  parse_xml(text, path, "a file as CVAT writes it", document);
  const pugi::xml_node annotations = document.child("annotations");
  if (!annotations)
    throw data_error(path, fmt::format("<{}>", document.document_element().name()),
                     "<annotations>, as files of CVAT begin");
  if (annotations.child("track") && !annotations.child("image"))
    throw data_error(path, "objects of a video (<track>)", "pictures", "export it as 'CVAT for images 1.1'");
  CvatFile file;
  for (const pugi::xml_node& node : annotations.children("image")) {
    for (const pugi::xml_node& tag : node.children("tag")) file.tags += tag ? 1 : 0;
    going_on(faults, [&] { file.images.push_back(image_of(node, path, faults)); });
  }
  if (file.images.empty() && !faults.keeps()) throw data_error(path, "no <image>", "a file as CVAT writes it");
  return file;
}

}  // namespace enxerto

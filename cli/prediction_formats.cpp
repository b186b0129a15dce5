#include "prediction_formats.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <optional>

#include <fmt/core.h>

#include "enxerto/base/utf8.h"
#include "enxerto/files/csv_text.h"
#include "session.h"

namespace enxerto::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string line;
  for (const char c : text) {
    switch (c) {
      case '\\':
        line += "\\\\";
        break;
      case '\t':
        line += "\\t";
        break;
      case '\n':
        line += "\\n";
        break;
      case '\r':
        line += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
          line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
          line += c;
    }
  }
  return line;
}

/// Left, top, width and height.
std::array<double, 4> extent(const std::array<double, 4>& box) {
  constexpr double kPart = 1000;  // what float32 leaves behind a thousandth of a pixel says nothing
  std::array<double, 4> sides{box[0], box[1], box[2] - box[0], box[3] - box[1]};
  for (double& value : sides) value = std::round(value * kPart) / kPart;
  return sides;
}

/// "12.5 30 100 40.25".
std::string box_text(const std::array<double, 4>& box) {
  const auto [left, top, width, height] = extent(box);
  return fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}", left, top, width, height);
}

std::string text_lines(const PredictedExample& example, const Task& /*task*/, const ForeignIds& /*ids*/) {
  if (!example.bad.empty()) return "";
  std::string line = escaped(example.id);
  for (const Prediction& one : example.best) {
    line += "\t" + escaped(one.label);
    if (one.score) line += fmt::format("\t{:.4f}", *one.score);
    if (one.place) line += fmt::format("\t{}\t{}", (*one.place)[0], (*one.place)[1]);
    if (one.value) line += fmt::format("\t{:g}", *one.value);
    if (one.box) line += "\t" + box_text(*one.box);
  }
  return line + "\n";
}

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.9g}", *value) : ""; }

std::string csv_lines(const PredictedExample& example, const Task& task, const ForeignIds& /*ids*/) {
  const bool is_cosine = task.kind().decides;  // and no probability
  const std::string file = csv_field(example.id);
  if (!example.bad.empty()) return fmt::format("{},,,,,{}\r\n", file, csv_field(example.bad));
  if (example.best.empty()) return fmt::format("{},,,,,\r\n", file);
  std::string lines;
  for (std::size_t rank = 0; rank < example.best.size(); ++rank) {
    const Prediction& one = example.best[rank];
    lines +=
        fmt::format("{},{},{},{},{},\r\n", file, rank + 1, csv_field(one.label), is_cosine ? "" : number(one.score),
                    one.box     ? box_text(*one.box)
                    : is_cosine ? number(one.score)
                                : number(one.value));
  }
  return lines;
}

std::string json_line(const PredictedExample& example, const Task& task, const ForeignIds& /*ids*/) {
  return to_line(prediction_json(example, task));
}

/// The number that the file is called by, as in COCO's own pictures; else its name.
Json image_id(const std::string& id) {
  const std::string stem = std::filesystem::path(id).stem().string();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  if (error == std::errc() && end == stem.data() + stem.size()) return number;
  return std::filesystem::path(id).filename().string();
}

std::string coco_lines(const PredictedExample& example, const Task& /*task*/, const ForeignIds& ids) {
  const auto known = ids.examples.find(example.id);
  const Json image = known == ids.examples.end() ? image_id(as_utf8(example.id)) : Json(known->second);
  std::string lines;
  for (const Prediction& one : example.best) {
    const auto label = static_cast<std::size_t>(one.index.value_or(0));
    const Json result{
        {"image_id", image},
        {"category_id", ids.classes.empty() ? static_cast<std::int64_t>(label) + 1 : ids.classes.at(label)},
        {"bbox", extent(one.box.value_or(std::array<double, 4>{}))},
        {"score", one.score.value_or(0)}};
    lines += (lines.empty() ? "" : ",\n") + result.dump();
  }
  return lines;
}

std::string percent_encoded(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos);
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return text;
}

std::string squad_member(const PredictedExample& example, const Task& /*task*/, const ForeignIds& /*ids*/) {
  const auto quoted = [](const std::string& text) { return Json(as_utf8(text)).dump(); };
  const std::string answer = example.best.empty() ? "" : example.best.front().label;
  return fmt::format("\n    {}: {}", quoted(example.id), quoted(answer));
}

constexpr std::array kFormats{
    PredictionFormat{.name = "text", .lines = text_lines},
    PredictionFormat{.name = "csv", .head = "file,rank,label,probability,value,error\r\n", .lines = csv_lines},
    PredictionFormat{.name = "jsonl", .lines = json_line},
    PredictionFormat{
        .name = "squad", .head = "{", .tail = "\n}\n", .between = ",", .lines = squad_member, .answers = true},
    PredictionFormat{.name = "coco",
                     .head = "[",
                     .tail = "]\n",
                     .between = ",\n",
                     .lines = coco_lines,
                     .places = true,
                     .has_ids = true},
};

}  // namespace

std::span<const PredictionFormat> prediction_formats() { return kFormats; }

Json prediction_json(const PredictedExample& example, const Task& task) {
  Json json{{"file", example.id}};
  if (as_utf8(example.id) != example.id) json["file_bytes"] = percent_encoded(example.id);
  json.update(example.bad.empty() ? task.to_json(example.best) : Json{{"error", example.bad}});
  return json;
}

}  // namespace enxerto::cli

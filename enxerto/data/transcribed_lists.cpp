#include "enxerto/data/transcribed_lists.h"

#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/transcribed.h"
#include "enxerto/files/read.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

constexpr std::size_t kLookedAtOfList = 4096, kLargestTranscriptList = std::size_t{1} << 28;

/// What is before the tab; nothing where there is no tab.
std::string_view listed_name(std::string_view line) {
  const std::size_t tab = line.find('\t');
  return tab == std::string_view::npos ? std::string_view() : line.substr(0, tab);
}

}  // namespace

bool is_transcript_list(const std::string& path) {
  if (medium_of_file(path) != Medium::text) return false;
  std::ifstream file(path, std::ios::binary);
  std::string line;
  for (char c = 0; line.size() < kLookedAtOfList && file.get(c) && c != '\n';) line += c;
  return medium_of_file(listed_name(without_byte_order_mark(line))) == Medium::image;
}

DataParts open_transcript_list(const std::string& path, const std::string& root, const DataWatch& watch) {
  const std::string shown = printable(path);
  Transcribed found(root.empty() ? std::filesystem::path(path).parent_path().string() : root, shown);
  const std::string text = read_text(path, kLargestTranscriptList);
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    line = right_trimmed(line);
    if (line.empty()) return;
    const std::string where = fmt::format("{}:{}", shown, number);
    const std::string_view name = listed_name(line);
    if (name.empty() && medium_of_file(line) != Medium::image)
      throw data_error(where, "no tab", "PICTURE<TAB>TEXT", "a text must not be on several lines");
    const std::string_view written = name.empty() ? std::string_view() : line.substr(name.size() + 1);
    if (written.starts_with("[{\"transcription\""))
      throw data_error(where, "boxes of several texts in a picture", "one line of text a picture",
                       "cut the pictures along the boxes first");
    found.add(name.empty() ? line : name, written, "", where);
  });
  return {.format = "list of transcripts", .all = std::move(found).finish(watch)};
}

}  // namespace enxerto

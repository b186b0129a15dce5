#include "enxerto/data/transcribed_folders.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <ranges>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/other_layout.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/transcribed.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

constexpr std::size_t kDeepestSpoken = 4, kMostFoldersLookedAt = 24, kMostFilesLookedAt = 64,
                      kLongestTranscript = std::size_t{1} << 20;
constexpr std::size_t kLargestList = std::size_t{1} << 28;
constexpr std::string_view kTransEnding = ".trans.txt";

/// Whether `holds` of one of the first folders below `root`, the first one's own first: data sets look alike
/// everywhere, and some have many folders.
bool any_folder(const std::string& root, const std::function<bool(const std::string&, const FolderEntries&)>& holds) {
  std::vector<std::pair<std::string, std::size_t>> waiting{{"", 0}};
  for (std::size_t seen = 0; !waiting.empty() && seen < kMostFoldersLookedAt; ++seen) {
    const auto [folder, depth] = std::move(waiting.back());
    waiting.pop_back();
    const FolderEntries entries = readable_entries(folder.empty() ? root : root + "/" + folder);
    if (holds(folder, entries)) return true;
    if (depth < kDeepestSpoken)
      for (const std::string& inside : std::views::reverse(entries.folders))
        waiting.emplace_back(inside_folder(folder, inside), depth + 1);
  }
  return false;
}

std::string text_beside(const std::string& name) {
  return std::filesystem::path(name).replace_extension(".txt").string();
}

/// Calls `each` for all folders below `root`, in byte order.
void for_each_folder(const std::string& root, const std::string& folder, IgnoredEntries& ignored,
                     const std::function<void(const std::string&, const FolderEntries&)>& each) {
  const FolderEntries entries = list_folder(folder.empty() ? root : root + "/" + folder, folder, ignored);
  each(folder, entries);
  for (const std::string& inside : entries.folders) for_each_folder(root, inside_folder(folder, inside), ignored, each);
}

/// Lines of LibriSpeech below `folder`.
void add_trans_files(const std::string& root, const std::string& folder, Transcribed& found, IgnoredEntries& ignored) {
  for_each_folder(root, folder, ignored, [&](const std::string& here, const FolderEntries& entries) {
    for (const std::string& name : entries.files) {
      if (!name.ends_with(kTransEnding)) continue;
      const std::string list = inside_folder(here, name);
      const std::string text = read_text(root + "/" + list, kLargestList);
      for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
        line = right_trimmed(line);
        if (line.empty()) return;
        const std::size_t blank = line.find(' ');
        const std::string id(line.substr(0, blank));
        found.add(inside_folder(here, id), blank == std::string_view::npos ? "" : line.substr(blank + 1),
                  id.substr(0, id.find('-')), fmt::format("{}:{}", printable(list), number));
      });
    }
  });
}

}  // namespace

bool is_transcribed_folder(const std::string& path, Medium medium) {
  const auto is = [&](const std::string& name) { return medium_of_file(name) == medium; };
  return any_folder(path, [&](const std::string& folder, const FolderEntries& entries) {
    std::vector<std::string> files;
    std::ranges::copy_if(entries.files, std::back_inserter(files), is);
    return begin_with_form(
        files, [&](const std::string& name) { return is_file(path + "/" + inside_folder(folder, text_beside(name))); });
  });
}

bool all_transcribed(const std::string& path, Medium medium) {
  std::size_t seen = 0, with = 0;
  (void)any_folder(path, [&](const std::string& folder, const FolderEntries& entries) {
    for (const std::string& name : entries.files) {
      if (medium_of_file(name) != medium || seen == kMostFilesLookedAt) continue;
      ++seen;
      with += is_file(path + "/" + inside_folder(folder, text_beside(name))) ? 1 : 0;
    }
    return with < seen || seen == kMostFilesLookedAt;
  });
  return seen > 0 && with == seen;
}

DataParts open_transcribed_folder(const std::string& path, Medium medium, const DataWatch& watch) {
  refuse_boxes_beside(path);
  const MediumRow& words = medium_row(medium);
  const IgnoredKind lacking{.kind = fmt::format("{} without a transcript", words.noun),
                            .kinds = fmt::format("{} without a transcript", words.nouns)};
  const IgnoredKind alone{.kind = fmt::format("text file without a {} of its name", words.noun),
                          .kinds = fmt::format("text files without a {} of their names", words.noun)};
  Transcribed found(path, printable(path));
  IgnoredEntries ignored;
  for_each_folder(path, "", ignored, [&](const std::string& folder, const FolderEntries& entries) {
    std::set<std::string> texts;
    for (const std::string& name : entries.files) {
      if (medium_of_file(name) != medium) continue;
      texts.insert(text_beside(name));
      const std::string id = inside_folder(folder, name), text = text_beside(id);
      if (!is_file(path + "/" + text)) {
        ignored.add(lacking, id);
        continue;
      }
      const std::string written = read_text(path + "/" + text, kLongestTranscript);
      found.add(id, without_byte_order_mark(written), "", printable(text));
    }
    for (const std::string& name : entries.files)
      if (name.ends_with(".txt") && !texts.contains(name)) ignored.add(alone, inside_folder(folder, name));
  });
  ignored.report(watch.progress);
  if (const std::vector<std::string> folders = readable_entries(path).folders;
      folders.size() > 1 && readable_entries(path).files.empty())
    watch.progress.notice(
        fmt::format("the texts beside the {} are taken as what they say; where {} are classes, and the texts describe "
                    "them, say so (data.kind = \"classes\")",
                    words.nouns, few_names(folders)));
  return {.format = fmt::format("{} and transcripts", words.nouns), .all = std::move(found).finish(watch)};
}

bool is_librispeech(const std::string& path) {
  return any_folder(path, [](const std::string&, const FolderEntries& entries) {
    return std::ranges::any_of(entries.files, [](const std::string& name) { return name.ends_with(kTransEnding); });
  });
}

DataParts open_librispeech(const std::string& path, const DataWatch& watch) {
  IgnoredEntries ignored;
  std::array<std::vector<DatasetPtr>, 3> parts;
  for (const std::string& folder : list_folder(path, "", ignored).folders) {
    const std::optional<Part> part = part_named(folder.substr(0, folder.find('-')));
    if (!part || !is_librispeech(path + "/" + folder)) continue;
    Transcribed found(path, printable(folder));
    add_trans_files(path, folder, found, ignored);
    parts.at(static_cast<std::size_t>(*part)).push_back(std::move(found).finish(watch));
  }
  const auto whole = [&](Part part) {
    std::vector<DatasetPtr>& several = parts.at(static_cast<std::size_t>(part));
    return several.empty() ? nullptr : concatenate(std::move(several));
  };
  DataParts data{.format = "LibriSpeech"};
  if (parts.front().empty() || (parts[1].empty() && parts[2].empty())) {
    Transcribed found(path, printable(path));
    add_trans_files(path, "", found, ignored);
    data.all = std::move(found).finish(watch);
    return data;
  }
  data.train = whole(Part::train), data.validation = whole(Part::validation), data.test = whole(Part::test);
  return data;
}

bool is_ljspeech(const std::string& path) {
  return is_file(path + "/metadata.csv") && std::filesystem::is_directory(path + "/wavs");
}

DataParts open_ljspeech(const std::string& path, const DataWatch& watch) {
  Transcribed found(path, printable(path));
  const std::string text = read_text(path + "/metadata.csv", kLargestList);
  for_each_line(without_byte_order_mark(text), [&](std::string_view line, std::size_t number) {
    line = right_trimmed(line);
    if (line.empty()) return;
    const std::size_t first = line.find('|'), last = line.rfind('|');
    const std::string where = fmt::format("{}/metadata.csv:{}", printable(path), number);
    if (first == std::string_view::npos)
      throw data_error(where, "no |", "ID|TRANSCRIPT or ID|TRANSCRIPT|NORMALISED TRANSCRIPT");
    std::string_view said = line.substr(last + 1);
    if (said.empty()) said = line.substr(first + 1, last - first - 1);
    found.add("wavs/" + std::string(line.substr(0, first)), said, "", where);
  });
  return {.format = "LJSpeech", .all = std::move(found).finish(watch)};
}

}  // namespace enxerto

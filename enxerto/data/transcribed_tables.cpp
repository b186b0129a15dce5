#include "enxerto/data/transcribed_tables.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/nearest.h"
#include "enxerto/data/csv_file.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/transcribed.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

constexpr std::size_t kLookedAtOfTable = 4096;
constexpr std::array<std::string_view, 9> kRecordings{
    "audio_filepath", "audio", "path", "file_name", "file", "wav", "image", "filename", "image_path"};
constexpr std::array<std::string_view, 5> kSaid{"text", "sentence", "transcript", "transcription", "normalized_text"};
constexpr std::array<std::string_view, 3> kSpeakers{"client_id", "speaker", "speaker_id"};

std::optional<std::size_t> column_of(const std::vector<std::string>& columns, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(columns, name);
    if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  }
  return std::nullopt;
}

[[noreturn]] void refuse_columns(const CsvFile& table, std::string_view what,
                                 std::span<const std::string_view> wanted) {
  throw data_error(
      table.shown(),
      fmt::format("no column of {}: {}", what, printable(fmt::format("{}", fmt::join(table.columns(), ", ")))),
      fmt::format("{}", fmt::join(wanted, ", ")),
      "a first line that names the columns so, in small letters (or, of transcripts, data.targets)");
}

/// Which of two is meant nobody knows.
void refuse_column_twice(const CsvFile& table, std::size_t column) {
  const std::string& name = table.columns()[column];
  if (std::ranges::count(table.columns(), name) > 1)
    throw data_error(table.shown(), fmt::format("two columns '{}'", printable(name)), "one of each name",
                     "rename the other");
}

std::optional<std::size_t> speaker_column(const CsvFile& table, const std::string& asked) {
  if (asked.empty()) return column_of(table.columns(), kSpeakers);
  const std::array<std::string_view, 1> name{asked};
  const auto found = column_of(table.columns(), name);
  if (!found)
    throw usage_error("data.group", fmt::format("no column '{}'{}", asked, did_you_mean(asked, table.columns())),
                      fmt::format("{}", fmt::join(table.columns(), ", ")));
  return found;
}

std::string folder_of_recordings(const std::string& path, const TableOptions& options) {
  if (!options.images.empty()) return options.images;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const std::string clips = folder.empty() ? "clips" : folder + "/clips";
  std::error_code none;
  return std::filesystem::is_directory(clips, none) ? clips : folder;
}

}  // namespace

bool is_transcript_table(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  file >> std::ws;  // blank lines are passed over, as where the table is read
  for (char c = 0; line.size() < kLookedAtOfTable && file.get(c) && c != '\n';) line += c;
  const std::vector<std::string_view> words = words_between(line, "\t,;\"\r :{}");
  const auto has = [&](std::string_view name) { return std::ranges::find(words, name) != words.end(); };
  return (has("path") && has("sentence")) || (has("audio_filepath") && has("text"));
}

DataParts open_transcript_table(const std::string& path, const TableOptions& options, const DataWatch& watch) {
  if (!options.texts.empty() || options.targets.size() > 1)
    throw usage_error("columns", "of texts, or several of targets, for files and their transcripts", "one target",
                      "leave them out: the columns are known by their names");
  const CsvFile table(path, nullptr, watch.faults);
  const std::vector<std::string_view> asked(options.targets.begin(), options.targets.end());
  const std::span<const std::string_view> named = asked.empty() ? std::span<const std::string_view>(kSaid) : asked;
  const auto recordings = column_of(table.columns(), kRecordings), said = column_of(table.columns(), named);
  if (!recordings) refuse_columns(table, "files", kRecordings);
  if (!said) refuse_columns(table, "transcripts", named);
  refuse_column_twice(table, *recordings);
  refuse_column_twice(table, *said);
  const auto speakers = speaker_column(table, options.group);
  Transcribed found(folder_of_recordings(path, options), table.shown());
  const auto add = [&](const std::vector<std::string>& fields, std::size_t line) {
    going_on(watch.faults, [&] {
      found.add(fields[*recordings], fields[*said], speakers ? fields[*speakers] : "",
                fmt::format("{}:{}", table.shown(), line));
    });
  };
  table.for_each_right_row(add, watch.faults);
  return {.format = "table of transcripts", .all = std::move(found).finish(watch)};
}

bool is_common_voice(const std::string& path) {
  std::error_code none;
  return std::filesystem::is_directory(path + "/clips", none) &&
         (is_file(path + "/train.tsv") || is_file(path + "/validated.tsv"));
}

DataParts open_common_voice(const std::string& path, const TableOptions& options, const DataWatch& watch) {
  const auto part = [&](const char* name) -> DatasetPtr {
    const std::string file = path + "/" + name;
    return is_file(file) ? open_transcript_table(file, options, watch).all : nullptr;
  };
  DataParts data{.format = "Common Voice"};
  if (is_file(path + "/train.tsv")) {
    data.train = part("train.tsv"), data.validation = part("dev.tsv"), data.test = part("test.tsv");
    if (data.validation || data.test) return data;
  }
  data.all = data.train ? std::exchange(data.train, nullptr) : part("validated.tsv");
  return data;
}

}  // namespace enxerto

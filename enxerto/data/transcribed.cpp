#include "enxerto/data/transcribed.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/dataset_view.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/grouped_example.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/files/read.h"
#include "enxerto/files/require_utf8.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

constexpr std::size_t kNamed = 5;

class TranscribedDataset final : public DatasetView {
 public:
  TranscribedDataset(Medium medium, DatasetPtr files, std::vector<std::string> texts, std::vector<std::string> groups)
      : DatasetView(std::move(files)),
        texts_(std::move(texts)),
        groups_(std::move(groups)),
        info_{.inputs = {medium}, .target = transcript_target()} {}

  const DatasetInfo& info() const override { return info_; }
  Tensor target(std::size_t position) const override { return transcript_points(texts_.at(position)); }
  std::unique_ptr<Example> get(std::size_t position) const override {
    return in_group(below().get(position), groups_.at(position));
  }

 private:
  std::vector<std::string> texts_, groups_;
  DatasetInfo info_;
};

std::string with_single_spaces(std::string_view text) {
  std::string words;
  bool between = false;
  for (const char c : text) {
    const bool blank = std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos;
    if (!blank && between && !words.empty()) words += ' ';
    if (!blank) words += c;
    between = blank;
  }
  return words;
}

/// Of the files, which are told by their names; a name that tells nothing is of a recording.
Medium medium_of_all(const std::vector<std::string>& names, const std::string& shown) {
  const auto medium_of = [](const std::string& name) { return medium_of_file(name).value_or(Medium::audio); };
  const Medium medium = medium_of(names.front());
  const auto other = std::ranges::find_if(names, [&](const std::string& name) { return medium_of(name) != medium; });
  if (other != names.end())
    throw data_error(shown, fmt::format("{} and {}", printable(names.front()), printable(*other)),
                     fmt::format("{} alone", medium_row(medium).nouns));
  return medium;
}

}  // namespace

void Transcribed::add(std::string_view file, std::string_view text, const std::string& group, std::string_view where) {
  require_utf8(text, where);
  std::string words = with_single_spaces(text);
  if (words.empty()) {
    blank_.emplace_back(file);
    return;
  }
  names_.push_back(files_.find(file).value_or(std::string(file)));
  texts_.push_back(std::move(words));
  groups_.push_back(group);
}

DatasetPtr Transcribed::finish(const DataWatch& watch) && {
  if (texts_.empty() && !blank_.empty())
    throw data_error(
        shown_,
        fmt::format("{}, none with a word in its transcript",
                    counted(blank_.size(), medium_row(medium_of_file(blank_.front()).value_or(Medium::audio)).noun)),
        "the text of each", "is it in the column that is read?");
  if (!blank_.empty()) {
    const std::size_t left_out = blank_.size();
    const std::string_view noun = medium_row(medium_of_file(blank_.front()).value_or(Medium::audio)).noun;
    blank_.resize(std::min(left_out, kNamed));
    watch.progress.notice(fmt::format("{}: left out {} without a word in its transcript: {}{}", shown_,
                                      counted(left_out, noun), printable(fmt::format("{}", fmt::join(blank_, ", "))),
                                      left_out > kNamed ? ", .." : ""));
  }
  if (texts_.empty()) throw data_error(shown_, "no transcribed examples", "clips or pictures, and the text of each");
  const Medium medium = medium_of_all(names_, shown_);
  FileList files(root_, medium);
  for (const std::string& name : names_) files.add_path(name);
  files.shrink();
  return std::make_shared<TranscribedDataset>(medium, file_dataset(std::move(files), transcript_target()),
                                              std::move(texts_), std::move(groups_));
}

}  // namespace enxerto

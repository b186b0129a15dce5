#include "predict_pairs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/open.h"
#include "enxerto/data/pair_list.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/tasks/task.h"
#include "enxerto/tasks/vectors.h"
#include "standard_error.h"
#include "text.h"

namespace enxerto::cli {
namespace {

std::vector<NamedPair> pairs_of(const std::vector<std::string>& files, const std::string& images) {
  if (files.size() == 1 && (is_table_name(files[0]) || is_pair_list(files[0]))) return asked_pairs(files[0], images);
  if (!images.empty())
    throw usage_error("--images", "no list of pairs, which has files below it", "a list of pairs", "leave it out");
  std::error_code none;
  const auto folder =
      std::ranges::find_if(files, [&](const std::string& file) { return std::filesystem::is_directory(file, none); });
  if (files.size() == 2 && folder == files.end()) return {{.first = files[0], .second = files[1]}};
  throw usage_error(
      "files", folder != files.end() ? fmt::format("'{}', a folder", *folder) : counted(files.size(), "file"),
      "two files, or a list of pairs (.tsv, .csv, pairs.txt)", "docs/identities.md has the forms of a list");
}

}  // namespace

int predict_pairs(const Session& session, const Model& model, const PairOptions& options) {
  if (options.format != "text" && options.format != "jsonl")
    throw usage_error("--format", fmt::format("'{}' of pairs", options.format), "text or jsonl");
  const std::vector<NamedPair> pairs = pairs_of(options.files, options.images);
  std::map<std::string, std::size_t, std::less<>> numbers;
  std::vector<std::filesystem::path> files;
  for (const NamedPair& pair : pairs)
    for (const std::string* file : {&pair.first, &pair.second})
      if (numbers.emplace(*file, files.size()).second) files.emplace_back(*file);
  const Medium medium = model.preprocessor().sample(0).front().medium;
  std::vector<std::vector<float>> vectors(files.size());
  std::size_t bad = 0;
  model.predict(
      *open_files(files, medium, *session.progress), ReadingOptions{},
      [&](const PredictedExample& example) {
        if (example.bad.empty()) {
          vectors.at(example.position) = example.probabilities;
          return;
        }
        ++bad;
        if (options.skips_bad) return session.progress->notice(example.bad);
        tell(fmt::format("enxerto: {}\n", example.bad));
      },
      *session.progress);
  const double threshold = options.threshold.value_or(model.task().decides_from().value_or(0));
  Json rows = Json::array();
  for (const NamedPair& pair : pairs) {
    const std::vector<float>&a = vectors[numbers.at(pair.first)], &b = vectors[numbers.at(pair.second)];
    if (a.empty() || b.empty()) continue;
    const double cosine = cosine_of(a, b);
    const bool same = cosine >= threshold;
    const Json row{{"first", pair.first}, {"second", pair.second}, {"same", same}, {"cosine", cosine}};
    if (session.json)
      rows.push_back(row);
    else if (options.format == "jsonl")
      fmt::print("{}\n", to_line(row));
    else
      fmt::print("{}\t{}\t{}\t{:.4f}\n", on_terminal(pair.first), on_terminal(pair.second), same ? "same" : "different",
                 cosine);
  }
  if (session.json) session.print({{"threshold", threshold}, {"pairs", rows}});
  return bad > 0 && !options.skips_bad ? static_cast<int>(ErrorKind::data) : 0;
}

}  // namespace enxerto::cli

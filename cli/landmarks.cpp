#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/data/open.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/pretrained/face_api.h"
#include "enxerto/workflow/find_faces.h"
#include "standard_error.h"
#include "text.h"

namespace enxerto::cli {
namespace {

struct LandmarkOptions {
  std::vector<std::string> pictures;
  std::string output, on_bad = "error";
  FaceSearch search;
  bool replace = false;
};

/// Where the table goes: into the folder that is looked through, unless it is said.
std::filesystem::path table_of(const LandmarkOptions& options) {
  if (!options.output.empty()) return options.output;
  std::error_code none;
  if (options.pictures.size() == 1 && std::filesystem::is_directory(options.pictures.front(), none))
    return std::filesystem::path(options.pictures.front()) / kLandmarksFile;
  if (options.pictures.size() == 1 && !std::filesystem::exists(options.pictures.front(), none))
    throw data_error(printable(options.pictures.front()), "does not exist", "a folder of pictures, or files",
                     "check the path");
  throw usage_error("--output", "not given, and there is no one folder to put the table into",
                    fmt::format("--output FOLDER/{}", kLandmarksFile));
}

void require_useful_place(const std::filesystem::path& table, bool replace) {
  if (table.filename() != kLandmarksFile)
    throw usage_error("--output", printable(table.string()), fmt::format("a file that is called {}", kLandmarksFile),
                      "by this name it is found beside the pictures");
  std::error_code none;
  if (!replace && std::filesystem::exists(std::filesystem::symlink_status(table, none)))
    throw usage_error(printable(table.string()), "it is there already", "", "--replace, or another --output");
}

/// The path of a picture as its table has it. Throws where the table would not be found from there.
std::string name_in(const std::filesystem::path& table, const std::string& picture) {
  const std::string folder = table.has_parent_path() ? table.parent_path().string() : ".";
  const std::filesystem::path name = absolute_path_below(folder, picture);
  if (name.is_absolute() || std::distance(name.begin(), name.end()) > kLandmarksFoldersUp + 1)
    throw usage_error("--output", fmt::format("{} is not found from {}", printable(table.string()), printable(picture)),
                      fmt::format("a folder above the pictures, at most {} up", kLandmarksFoldersUp + 1));
  return name.string();
}

/// Pictures without a face, then those with several; of many the first, for the table has them all.
void name_special_ones(const std::vector<SearchedPicture>& all, double least_score, const Session& session) {
  constexpr std::size_t kMostNamed = 20;
  for (const bool several : {false, true}) {
    std::size_t count = 0;
    for (const SearchedPicture& picture : all) {
      if (!picture.bad.empty() || picture.faces == 1 || (picture.faces > 1) != several) continue;
      if (++count > kMostNamed) continue;
      session.progress->notice(
          several ? fmt::format("{}: {} faces, the largest is taken", on_terminal(picture.id), picture.faces)
                  : fmt::format("{}: no face of a score above {}", on_terminal(picture.id), least_score));
    }
    if (count > kMostNamed)
      session.progress->notice(fmt::format("{} more {}: see the column faces", count - kMostNamed,
                                           several ? "with several faces" : "without a face"));
  }
}

int write_landmarks(const Session& session, const LandmarkOptions& options) {
  const std::filesystem::path table = table_of(options);
  require_useful_place(table, options.replace);
  const std::vector<std::filesystem::path> paths(options.pictures.begin(), options.pictures.end());
  const DatasetPtr pictures = open_files(paths, Medium::image, *session.progress);
  std::vector<LandmarkRow> rows;
  for (std::size_t i = 0; i < pictures->size(); ++i) rows.push_back({.file = name_in(table, pictures->get(i)->id())});
  const std::vector<SearchedPicture> all = find_faces(*pictures, options.search, *session.progress);
  std::size_t bad = 0, with_one = 0, with_several = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].bad.empty()) tell(fmt::format("enxerto: {}\n", all[i].bad));
    rows[i].faces = all[i].faces, rows[i].score = all[i].score, rows[i].points = all[i].points;
    bad += all[i].bad.empty() ? 0 : 1;
    with_one += all[i].faces == 1 ? 1 : 0;
    with_several += all[i].faces > 1 ? 1 : 0;
  }
  name_special_ones(all, options.search.least_score, session);
  const std::size_t without = all.size() - bad - with_one - with_several;
  if (bad > 0 && options.on_bad == "error")
    throw data_error(printable(options.pictures.front()), fmt::format("{} cannot be read", counted(bad, "picture")),
                     "pictures that can be read", "--on-bad skip leaves them without a face");
  write_atomically(table, landmarks_table(rows));
  if (session.json) {
    session.print({{"landmarks", table.string()},
                   {"pictures", all.size()},
                   {"one_face", with_one},
                   {"several_faces", with_several},
                   {"no_face", without},
                   {"unreadable", bad}});
    return 0;
  }
  print_labelled("landmarks", fmt::format("{}: {}; {} with one face, {} with several, {} without{}", table.string(),
                                          counted(all.size(), "picture"), with_one, with_several, without,
                                          bad > 0 ? fmt::format(", {} that cannot be read", bad) : ""));
  return 0;
}

}  // namespace

void add_landmarks(Command& app, Session& session) {
  Command* command = app.add_subcommand(
      "landmarks", "Find the faces in pictures and write 68 points of the largest of each into landmarks.csv");
  auto options = std::make_shared<LandmarkOptions>();
  command->add_option("PICTURES", options->pictures, "A folder of pictures, or files")->required();
  command->add_option("--finder", options->search.networks, "Folder of face-api's networks (its model/)")->required();
  command->add_option("--detector", options->search.detector, "The network that finds faces (the first that is there)")
      ->one_of(face_detector_names());
  command->add_option("--least-score", options->search.least_score, "What the detector says of a face, at least (0.5)")
      ->between(0, 1);
  command->add_option("-o,--output", options->output, "FOLDER/landmarks.csv (in the folder of the pictures)");
  command->add_flag("--replace", options->replace, "Write over a table that is there");
  command->add_option("--on-bad", options->on_bad, "Pictures that cannot be read: error, or skip (no face)")
      ->one_of({"error", "skip"});
  command->add_option("-t,--threads", options->search.threads, "Threads (all cores)")->not_negative();
  command->callback(
      [&session, options] { session.command = [&session, options] { return write_landmarks(session, *options); }; });
}

}  // namespace enxerto::cli

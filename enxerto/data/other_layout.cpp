#include "enxerto/data/other_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/data/coco.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/mask_folders.h"
#include "enxerto/data/voc.h"
#include "enxerto/data/walk.h"
#include "enxerto/data/yolo.h"
#include "enxerto/files/read.h"
#include "enxerto/media/field.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestText = 1 << 20, kTextsLookedAt = 16, kFoldersLookedAt = 24, kLeastNumbers = 5;
constexpr std::string_view kText = ".txt";

constexpr std::array<std::string_view, 12> kOfFiles{"images",  "image",  "imgs",  "img",    "jpegimages", "pictures",
                                                    "picture", "photos", "photo", "frames", "pics",       "pngimages"};
constexpr std::array<std::string_view, 18> kOfAnswers{
    "labels", "label",       "annotations",  "annotation",   "anns",   "ann",   "masks",   "mask", "gt",
    "gts",    "groundtruth", "ground_truth", "ground-truth", "bboxes", "boxes", "targets", "xmls", "segmentations"};

bool is_among(std::span<const std::string_view> words, const std::string& name) {
  return std::ranges::find(words, lower_case(name)) != words.end();
}

/// The folders of one part, or of all.
struct TwoFolders {
  const ClassFolder* files = nullptr;
  const ClassFolder* answers = nullptr;
};

/// Nothing where one of the folders may be a class.
TwoFolders two_folders(const std::vector<ClassFolder>& folders) {
  TwoFolders found;
  for (const ClassFolder& folder : folders) {
    if (is_among(kOfFiles, folder.name))
      found.files = &folder;
    else if (is_among(kOfAnswers, folder.name))
      found.answers = &folder;
    else
      return {};
  }
  return found;
}

/// The first file at any depth that holds no system's own things; "" where there is none.
std::string first_file(const std::string& folder, int depth = 0) {
  constexpr int kDeepestFile = 3;
  const FolderEntries entries = readable_entries(folder);
  if (!entries.files.empty()) return folder + "/" + entries.files.front();
  for (const std::string& inside : entries.folders)
    if (std::string file = depth < kDeepestFile ? first_file(folder + "/" + inside, depth + 1) : ""; !file.empty())
      return file;
  return "";
}

/// How what the second folder holds is given.
std::string tip_for(const std::string& answers, const std::string& files) {
  const std::string first = first_file(answers), ending = lower_case(std::filesystem::path(first).extension().string());
  if (is_table_name(first))
    return fmt::format("give the table, {} (data.images = {})", printable(first), printable(files));
  if (ending == ".txt") return "for boxes as YOLO has them call the folders images and labels (docs/data/boxes.md)";
  if (ending == ".json" || ending == ".xml")
    return fmt::format("for boxes give {}, or call the folders images and annotations (docs/data/boxes.md)",
                       ending == ".json" ? printable(first) : "the folder above");
  if (medium_of_file(first))
    return "for the class of each pixel call the folders images and masks (docs/data/masks.md)";
  return "docs/data says in which forms data are read";
}

/// "0 0.5 0.5 0.4 0.4": a class, and shares of a picture.
bool is_box(std::string_view line) {
  const std::vector<std::string_view> words = words_between(line, " \t");
  if (words.size() < kLeastNumbers || line.find('.') == std::string_view::npos) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::optional<float> number = csv_number(words[i]);
    if (!number || (i == 0 ? std::floor(*number) != *number : *number < 0 || *number > 1)) return false;
  }
  return true;
}

/// Every line of every text is a box, and there is one.
bool are_boxes(const std::vector<std::string>& texts) {
  std::size_t boxes = 0;
  bool all = true;
  for (const std::string& path : texts) {
    for_each_line(read_text(path, kLargestText), [&](std::string_view line, std::size_t) {
      line = right_trimmed(line);
      if (line.empty()) return;
      all = all && is_box(line);
      ++boxes;
    });
  }
  return all && boxes > 0;
}

/// Of the first pictures in the first folders.
std::vector<std::string> texts_beside_pictures(const std::string& root) {
  std::vector<std::string> texts;
  std::deque<std::string> waiting{root};
  for (std::size_t seen = 0; !waiting.empty() && seen < kFoldersLookedAt; ++seen) {
    const std::string folder = std::move(waiting.front());
    waiting.pop_front();
    const FolderEntries entries = readable_entries(folder);
    std::set<std::string, std::less<>> listed;  // so that of folders without texts no file is asked for
    for (const std::string& name : entries.files)
      if (name.ends_with(kText)) listed.insert(name);
    for (const std::string& name : listed.empty() ? std::vector<std::string>() : entries.files) {
      if (texts.size() == kTextsLookedAt) return texts;
      std::error_code none;
      const std::string text = std::filesystem::path(name).replace_extension(kText).string();
      if (medium_of_file(name) == Medium::image && listed.contains(text) &&
          std::filesystem::file_size(folder + "/" + text, none) <= kLargestText && !none)
        texts.push_back(folder + "/" + text);
    }
    for (const std::string& name : entries.folders) waiting.push_back(folder + "/" + name);
  }
  return texts;
}

/// "masks", "lung masks", "BoundingBoxes_gt".
bool is_of_answers(const std::string& name) {
  return is_among(kOfAnswers, name) || std::ranges::any_of(words_between(name, " _-"), [](std::string_view word) {
           return is_among(kOfAnswers, std::string(word));
         });
}

/// What makes a folder of a class a data set of its own.
struct DrawnFolder {
  std::string_view what = "";  ///< "pictures and their boxes"; "" where nothing does
  std::string files = "";      ///< the folder of the pictures in it; "" where they lie elsewhere
};

/// "1.jpg" beside "1_mask.png", for half of all pictures.
bool has_masks_beside(const FolderEntries& entries) {
  const auto stem = [](const std::string& name) { return std::filesystem::path(name).stem().string(); };
  std::set<std::string, std::less<>> stems;
  for (const std::string& name : entries.files)
    if (medium_of_file(name) == Medium::image) stems.insert(stem(name));
  const auto masks = std::ranges::count_if(stems, [&](const std::string& name) {
    const std::size_t end = name.rfind("_mask");
    return end != std::string::npos && stems.contains(name.substr(0, end));
  });
  return masks > 0 && 3 * static_cast<std::size_t>(masks) >= stems.size();
}

DrawnFolder drawn_in(const std::string& folder) {
  const FolderEntries entries = readable_entries(folder);
  if (has_masks_beside(entries)) return {.what = "pictures and their masks in one folder"};
  const auto files = std::ranges::find_if(entries.folders, [](const auto& name) { return is_among(kOfFiles, name); });
  const auto answers = std::ranges::find_if(entries.folders, is_of_answers);
  const std::string first = answers == entries.folders.end() ? "" : first_file(folder + "/" + *answers);
  const std::string_view masks = "pictures and their masks", boxes = "pictures and their boxes";
  const std::string_view of_answers = medium_of_file(first) == Medium::image ? masks : boxes;
  if (holds_examples(entries)) {  // and one of them is that of the mask
    const std::string mask = std::filesystem::path(first).stem().string();
    const bool is_of_one = std::ranges::any_of(entries.files, [&](const std::string& name) {
      return medium_of_file(name) == Medium::image && mask.starts_with(std::filesystem::path(name).stem().string());
    });
    return {.what = of_answers == masks && is_of_one ? masks : ""};
  }
  if (files != entries.folders.end() && !first.empty()) return {.what = of_answers, .files = *files};
  const auto tells = [](const std::string& name) {
    const std::string ending = lower_case(std::filesystem::path(name).extension().string());
    return ending == ".yaml" || ending == ".yml" || ending == ".json";
  };
  // So that of folders of examples alone nothing more is asked.
  if (std::ranges::none_of(entries.files, tells) && files == entries.folders.end()) return {};
  const bool is_empty = answers != entries.folders.end() && first.empty();
  if (!is_empty && (is_coco_folder(folder) || is_voc_folder(folder) || is_yolo_folder(folder))) return {.what = boxes};
  return {.what = is_mask_folder(folder) ? masks : ""};
}

/// A pattern that takes the pictures of all classes, where one does.
std::string tip_for_drawn(const std::string& root, const std::vector<ClassFolder>& folders, const DrawnFolder& drawn) {
  std::error_code none;
  const bool everywhere = !drawn.files.empty() && std::ranges::all_of(folders, [&](const ClassFolder& folder) {
    return std::filesystem::is_directory(root + "/" + folder.folder + "/" + drawn.files, none);
  });
  if (everywhere)
    return fmt::format("; or, for the class of each picture, say where the path names it: data.label = \"([^/]+)/{}/\"",
                       drawn.files);
  return "; or, for the class of each picture, move what is drawn into a folder elsewhere";
}

/// Masks and what stands with boxes would be learned as examples of the class.
void refuse_data_sets(const std::string& root, const std::vector<ClassFolder>& folders) {
  for (const ClassFolder& folder : folders) {
    const std::string path = root + "/" + folder.folder;
    const DrawnFolder drawn = drawn_in(path);
    if (drawn.what.empty()) continue;
    throw data_error(
        printable(root),
        fmt::format("the folder '{}', which holds {}, not examples of one class", printable(folder.folder), drawn.what),
        "a folder of examples for each class",
        fmt::format("for boxes or masks give {}{}", printable(path), tip_for_drawn(root, folders, drawn)));
  }
}

}  // namespace

void refuse_other_layout(const std::string& root, const ClassLayout& layout) {
  TwoFolders two = two_folders(layout.all);
  for (const PartFolders& part : layout.parts)
    if (two.answers == nullptr) two = two_folders(part.classes);
  if (two.files == nullptr || two.answers == nullptr) {
    refuse_data_sets(root, layout.all);
    for (const PartFolders& part : layout.parts) refuse_data_sets(root, part.classes);
    return;
  }
  throw data_error(printable(root),
                   fmt::format("the folders '{}' and '{}', which are no classes but files and what is said of them",
                               printable(two.files->folder), printable(two.answers->folder)),
                   "a folder for each class, or boxes, masks or a table in a form that is read",
                   tip_for(root + "/" + two.answers->folder, root + "/" + two.files->folder));
}

void refuse_boxes_beside(const std::string& root) {
  const std::vector<std::string> texts = texts_beside_pictures(root);
  if (texts.empty() || !are_boxes(texts)) return;
  throw data_error(
      printable(root), fmt::format("boxes beside the pictures, as in {}", printable(texts.front())),
      "boxes in a folder of their own, as YOLO has them: images/1.jpg and labels/1.txt",
      "move the .txt files into a folder labels and the pictures into images beside it (docs/data/boxes.md)");
}

}  // namespace enxerto

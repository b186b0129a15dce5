#include "enxerto/data/open.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "enxerto/base/error.h"
#include "enxerto/data/box_table.h"
#include "enxerto/data/box_target.h"
#include "enxerto/data/cifar.h"
#include "enxerto/data/class_folders.h"
#include "enxerto/data/coco.h"
#include "enxerto/data/coco_masks.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/csv_parts.h"
#include "enxerto/data/cvat.h"
#include "enxerto/data/data_watch.h"
#include "enxerto/data/identities.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/idx.h"
#include "enxerto/data/label_studio.h"
#include "enxerto/data/labelme.h"
#include "enxerto/data/mask_folders.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/named_files.h"
#include "enxerto/data/pair_list.h"
#include "enxerto/data/pair_paths.h"
#include "enxerto/data/plain_texts.h"
#include "enxerto/data/spoken_texts.h"
#include "enxerto/data/squad.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/transcribed_folders.h"
#include "enxerto/data/transcribed_lists.h"
#include "enxerto/data/transcribed_tables.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/data/translation_pairs.h"
#include "enxerto/data/voc.h"
#include "enxerto/data/walk.h"
#include "enxerto/data/yolo.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

[[noreturn]] void fail_open(const std::string& path, std::string found, std::string expected) {
  throw data_error(path.empty() ? "data" : printable(path), std::move(found), std::move(expected), "check the path");
}

bool is_folder(const std::string& path) {
  struct stat info{};
  if (path.empty() || stat(path.c_str(), &info) != 0)
    fail_open(path, path.empty() ? "an empty path" : std::strerror(errno), "a file or a folder");
  return S_ISDIR(info.st_mode);
}

/// A path as the formats look at it.
struct DataPath {
  std::string path;
  bool folder = false;
  std::vector<std::string> files = {};  ///< names in the folder, hidden ones left out
};

/// A format of data sets. The first row that recognises a path opens it.
struct DataFormat {
  bool (*is)(const DataPath& data);
  DataParts (*open)(const DataPath& data, const TableOptions& table, const DataWatch& watch);
  bool has_columns = false;                       ///< takes options for a table
  bool has_images = false;                        ///< takes the folder that its pictures are below
  std::vector<std::string> (*texts)() = nullptr;  ///< names of its texts, asked for as if they were columns
  std::string_view gives = "";                    ///< the kind of target where it is always the same
  bool asked = false;                             ///< only where that kind is asked for
  bool of_any = false;                            ///< gives it of whatever another row opens
};

std::vector<std::string> question_texts() { return {"question", "context"}; }

DataParts refuse_file(const DataPath& data, const TableOptions& /*table*/, const DataWatch& /*watch*/) {
  fail_open(data.path, is_empty_file(data.path) ? "an empty file" : "a single file",
            "a folder, a table (.csv, .tsv, .jsonl), a text (.txt), texts and their translations (train.{en,de}), "
            "questions in SQuAD's form or boxes in COCO's or Label Studio's (.json), in CVAT's (.xml) or in YOLO's "
            "(.yaml), masks (.yaml), or a file of the MNIST family such as train-images-idx3-ubyte.gz");
}

DataParts open_folders_as_classes(const DataPath& data, const TableOptions& options, const DataWatch& watch) {
  return open_class_folders(data.path, options, watch.progress);
}

DataParts open_texts(const DataPath& data, const TableOptions& table, const DataWatch& watch) {
  return open_plain_texts(data.path, table, watch.progress);
}

/// A table of boxes, unless its columns are asked for as something else.
DataParts open_objects(const DataPath& data, const TableOptions& table, const DataWatch& watch) {
  return asks_for_boxes(table) ? open_box_table(data.path, table.images, watch) : open_csv(data.path, table, watch);
}

DataParts open_pairs(const DataPath& data, const TableOptions& table, const DataWatch& watch) {
  return open_translation_pairs(data.path, table, watch.progress);
}

DataParts open_listed_pairs(const DataPath& data, const TableOptions& table, const DataWatch& watch) {
  return open_pair_list(data.path, table.images, watch.progress);
}

/// A reader that takes no options.
template <auto reader>
DataParts watched(const DataPath& data, const TableOptions& /*table*/, const DataWatch& watch) {
  return reader(data.path, watch);
}

/// A reader that takes the folder of the files that are named, or all options of a table.
template <auto reader>
DataParts with_images(const DataPath& data, const TableOptions& table, const DataWatch& watch) {
  return reader(data.path, table.images, watch);
}
template <auto reader>
DataParts with_table(const DataPath& data, const TableOptions& table, const DataWatch& watch) {
  return reader(data.path, table, watch);
}

constexpr std::array<DataFormat, 47> kFormats{{
    {.is = [](const DataPath& data) { return !data.folder && is_pair_list(data.path); },
     .open = open_listed_pairs,
     .has_images = true,
     .gives = kIdentityTarget,
     .asked = true},
    {.is = [](const DataPath&) { return true; },
     .open = with_table<open_identities>,
     .has_columns = true,
     .gives = kIdentityTarget,
     .asked = true,
     .of_any = true},
    {.is = [](const DataPath&) { return true; },
     .open = with_table<open_spoken_texts>,
     .has_columns = true,
     .gives = kSpokenTarget,
     .asked = true,
     .of_any = true},
    {.is = [](const DataPath& data) { return pair_path(data.path) || is_translation_lines(data.path); },
     .open = open_pairs,
     .has_columns = true,
     .gives = kTranslationTarget},
    {.is = [](const DataPath& data) { return !data.folder && is_table_name(data.path); },
     .open = open_pairs,
     .has_columns = true,
     .gives = kTranslationTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return !data.folder && is_table_name(data.path); },
     .open = with_table<open_transcript_table>,
     .has_columns = true,
     .gives = kTranscriptTarget,
     .asked = true},
    {.is =
         [](const DataPath& data) {
           return !data.folder && is_table_name(data.path) && is_transcript_table(data.path);
         },
     .open = with_table<open_transcript_table>,
     .has_columns = true,
     .gives = kTranscriptTarget},
    {.is = [](const DataPath& data) { return data.folder && is_common_voice(data.path); },
     .open = with_table<open_common_voice>,
     .has_columns = true,
     .gives = kTranscriptTarget},
    {.is = [](const DataPath& data) { return data.folder && is_ljspeech(data.path); },
     .open = watched<open_ljspeech>,
     .gives = kTranscriptTarget},
    {.is = [](const DataPath& data) { return data.folder && is_librispeech(data.path); },
     .open = watched<open_librispeech>,
     .gives = kTranscriptTarget},
    {.is = [](const DataPath& data) { return data.folder && is_transcribed_folder(data.path, Medium::audio); },
     .open = [](const DataPath& data, const TableOptions&,
                const DataWatch& watch) { return open_transcribed_folder(data.path, Medium::audio, watch); },
     .gives = kTranscriptTarget},
    {.is = [](const DataPath& data) { return !data.folder && is_transcript_list(data.path); },
     .open = with_images<open_transcript_list>,
     .has_images = true,
     .gives = kTranscriptTarget},
    {.is = [](const DataPath& data) { return data.folder && is_transcribed_folder(data.path, Medium::image); },
     .open = [](const DataPath& data, const TableOptions&,
                const DataWatch& watch) { return open_transcribed_folder(data.path, Medium::image, watch); },
     .gives = kTranscriptTarget,
     .asked = true},
    {.is = [](const DataPath&) { return true; },
     .open = open_texts,
     .has_columns = true,
     .gives = kTextTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return !data.folder && medium_of_file(data.path) == Medium::text; },
     .open = open_texts,
     .has_columns = true},
    {.is = [](const DataPath& data) { return !data.folder && is_questions_file(data.path); },
     .open = watched<open_questions>,
     .texts = question_texts},
    {.is = [](const DataPath& data) { return data.folder && !questions_files(data.path, data.files).empty(); },
     .open =
         [](const DataPath& data, const TableOptions&, const DataWatch& watch) {
           return open_questions_folder(data.path, questions_files(data.path, data.files), watch);
         },
     .texts = question_texts},
    {.is = [](const DataPath& data) { return !data.folder && is_box_table(data.path); },
     .open = [](const DataPath& data, const TableOptions& table,
                const DataWatch& watch) { return open_objects(data, table, watch); },
     .has_columns = true},
    {.is = [](const DataPath& data) { return !data.folder && is_table_name(data.path); },
     .open = [](const DataPath& data, const TableOptions& table,
                const DataWatch& watch) { return open_csv(data.path, table, watch); },
     .has_columns = true},
    {.is = [](const DataPath& data) { return data.folder && !tables_of_parts(data.files).empty(); },
     .open =
         [](const DataPath& data, const TableOptions& table, const DataWatch& watch) {
           return open_csv_parts(data.path, tables_of_parts(data.files), table, watch);
         },
     .has_columns = true},
    {.is = [](const DataPath& data) { return !data.folder && is_idx_file(data.path); },
     .open = [](const DataPath& data, const TableOptions&, const DataWatch&) { return open_idx_file(data.path); }},
    {.is = [](const DataPath& data) { return is_cvat_data(data.path); },
     .open = with_images<open_cvat_masks>,
     .has_images = true,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return is_cvat_data(data.path); },
     .open = with_images<open_cvat_boxes>,
     .has_images = true,
     .gives = kBoxTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return is_cvat_data(data.path); },
     .open = with_images<open_cvat>,
     .has_images = true},
    {.is = [](const DataPath& data) { return is_label_studio_data(data.path); },
     .open = with_images<open_label_studio_masks>,
     .has_images = true,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return is_label_studio_data(data.path); },
     .open = with_images<open_label_studio_boxes>,
     .has_images = true,
     .gives = kBoxTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return is_label_studio_data(data.path); },
     .open = with_images<open_label_studio>,
     .has_images = true},
    {.is = [](const DataPath& data) { return !data.folder && is_coco_file(data.path); },
     .open = with_images<open_coco_file>,
     .has_images = true,
     .gives = kBoxTarget},
    {.is = [](const DataPath& data) { return !data.folder && is_coco_file(data.path); },
     .open = with_images<open_coco_masks>,
     .has_images = true,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return !data.folder && is_yolo_config(data.path); },
     .open = watched<open_yolo_config>,
     .gives = kBoxTarget},
    {.is = [](const DataPath& data) { return !data.folder && is_yolo_config(data.path); },
     .open = watched<open_yolo_mask_config>,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return !data.folder && is_mask_config(data.path); },
     .open = watched<open_mask_config>,
     .gives = kMaskTarget},
    {.is = [](const DataPath& data) { return !data.folder; }, .open = refuse_file},
    {.is = [](const DataPath& data) { return is_idx_folder(data.files); },
     .open = [](const DataPath& data, const TableOptions&,
                const DataWatch&) { return open_idx_folder(data.path, data.files); },
     .gives = kClassTarget},
    {.is = [](const DataPath& data) { return is_cifar_folder(data.files); },
     .open = [](const DataPath& data, const TableOptions&,
                const DataWatch&) { return open_cifar(data.path, data.files); },
     .gives = kClassTarget},
    {.is = [](const DataPath& data) { return data.folder && is_coco_folder(data.path); },
     .open = with_images<open_coco_folder>,
     .has_images = true,
     .gives = kBoxTarget},
    {.is = [](const DataPath& data) { return data.folder && is_coco_folder(data.path); },
     .open = with_images<open_coco_mask_folder>,
     .has_images = true,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return data.folder && is_voc_folder(data.path); },
     .open = watched<open_voc_folder>,
     .gives = kBoxTarget},
    {.is = [](const DataPath& data) { return data.folder && is_yolo_folder(data.path); },
     .open = watched<open_yolo_folder>,
     .gives = kBoxTarget},
    {.is = [](const DataPath& data) { return data.folder && is_yolo_folder(data.path); },
     .open = watched<open_yolo_mask_folder>,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return data.folder && is_mask_folder(data.path); },
     .open = watched<open_mask_folder>,
     .gives = kMaskTarget},
    {.is = [](const DataPath& data) { return data.folder && is_labelme_folder(data.path); },
     .open = watched<open_labelme_masks>,
     .gives = kMaskTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return data.folder && is_labelme_folder(data.path); },
     .open = watched<open_labelme_boxes>,
     .gives = kBoxTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return is_labelme_folder(data.path); }, .open = watched<open_labelme_folder>},
    {.is = [](const DataPath& data) { return all_transcribed(data.path, Medium::image); },
     .open = open_folders_as_classes,
     .gives = kClassTarget,
     .asked = true},
    {.is = [](const DataPath& data) { return all_transcribed(data.path, Medium::image); },
     .open = [](const DataPath& data, const TableOptions&,
                const DataWatch& watch) { return open_transcribed_folder(data.path, Medium::image, watch); },
     .gives = kTranscriptTarget},
    {.is = [](const DataPath&) { return true; }, .open = open_folders_as_classes, .gives = kClassTarget},
}};

/// The first row that recognises the data and gives what is asked for. Kinds that only tables give are left to them.
const DataFormat& format_of_data(const DataPath& data, const std::string& kind) {
  const bool given = std::ranges::find(kFormats, kind, &DataFormat::gives) != kFormats.end();
  const auto* const format = std::ranges::find_if(kFormats, [&](const DataFormat& row) {
    const bool fits = row.gives == kind || (!row.asked && (!given || row.has_columns));
    return fits && row.is(data);
  });
  if (format != kFormats.end()) return *format;
  if (is_empty_file(data.path)) fail_open(data.path, "an empty file", fmt::format("data of {}", kind));
  throw usage_error(printable(data.path), fmt::format("no data of {}, which are asked for", kind),
                    "data in a form that has them", "docs/data says which; omit the kind to open what is there");
}

/// Names in the folder, and those of files that were unpacked into a folder of their own name each.
std::vector<std::string> files_in(const std::string& path, IgnoredEntries& ignored) {
  FolderEntries entries = list_folder(path, "", ignored);
  for (const std::string& name : entries.folders) {
    std::string inside = name + "/" + name;
    if (is_file(path + "/" + inside)) entries.files.push_back(std::move(inside));
  }
  return std::move(entries.files);
}

DataPath data_at(const std::filesystem::path& given) {
  DataPath data{.path = without_slash(given.string())};
  data.folder = !pair_path(data.path) && is_folder(data.path);
  IgnoredEntries ignored;
  if (data.folder) data.files = files_in(data.path, ignored);
  return data;
}

}  // namespace

DataParts open_data(const std::filesystem::path& given, const TableOptions& table, Progress& progress) {
  return open_watched(given, table, progress);
}

bool can_give(const std::filesystem::path& given, std::string_view kind) {
  const auto gives = [&](const DataFormat& row) {
    return row.asked && (row.of_any || !row.has_columns) && row.gives == kind;
  };
  if (std::ranges::none_of(kFormats, gives)) return false;  // nothing is looked at in vain
  const DataPath data = data_at(given);
  return std::ranges::any_of(kFormats, [&](const DataFormat& row) { return gives(row) && row.is(data); });
}

DataParts open_watched(const std::filesystem::path& given, const TableOptions& table, const DataWatch& watch) {
  const DataPath data = data_at(given);
  const DataFormat& format = format_of_data(data, table.kind);
  TableOptions asked = table;
  if (asked.kind == format.gives) asked.kind = "auto";
  asked.learned.clear();  // a preference, where there are columns
  asked.measured = false;
  if (asked.fold.value_or(0) < 0) asked.fold.reset();  // as is one that is taken where it is there
  asked.label.clear();
  if (!table.label.empty() && asked == TableOptions() && !format.of_any) {
    if (data.folder) return open_named_files(data.path, table.label, watch.progress);
    throw usage_error(printable(data.path), "a file", "a folder of files whose paths say their class",
                      "omit the pattern");
  }
  asked.label = table.label;
  if (format.has_images) asked.images.clear();
  if (format.texts != nullptr && asked.texts == format.texts()) asked.texts.clear();
  if (asked != TableOptions() && !format.has_columns)
    throw usage_error(printable(data.path), "not a table with target columns", "a .csv, .tsv or .jsonl file",
                      "omit the options for tables");
  return format.open(data, table, watch);
}

bool is_data_path(const std::filesystem::path& path) {
  if (pair_path(path.string())) return true;
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) return true;
  return is_file(path) &&
         (is_table_name(path) || medium_of_file(path.string()) == Medium::text || is_idx_file(path.string()) ||
          is_coco_file(path.string()) || is_yolo_config(path.string()) || is_mask_config(path.string()) ||
          is_questions_file(path.string()) || is_cvat_data(path.string()) || is_label_studio_data(path.string()));
}

}  // namespace enxerto

#include "enxerto/data/column_names.h"

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/lower_case.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 37> kPictures{
    "file",          "path",         "image",       "filename", "filepath",  "imagepath", "imagefile", "imagename",
    "imgpath",       "imgfile",      "imgname",     "img",      "images",    "files",     "paths",     "filepaths",
    "filenames",     "picture",      "picturepath", "photo",    "photopath", "pictures",  "photos",    "imagefilename",
    "imagefilepath", "relativepath", "relpath",     "fname",    "fpath",     "imageid",   "imgid",     "imagem",
    "arquivo",       "ficheiro",     "foto",        "caminho",  "name"};
constexpr std::array<std::string_view, 14> kTexts{"text",  "sentence", "review",   "comment",  "content",
                                                  "tweet", "message",  "document", "question", "utterance",
                                                  "body",  "texto",    "frase",    "resenha"};
constexpr std::array<ColumnPair, 7> kPairs{{{"sentence1", "sentence2"},
                                            {"premise", "hypothesis"},
                                            {"question1", "question2"},
                                            {"text1", "text2"},
                                            {"texta", "textb"},
                                            {"question", "sentence"},
                                            {"question", "passage"}}};
constexpr std::array<std::string_view, 5> kLists{"labels", "tags", "rotulos", "r\u00f3tulos", "etiquetas"};
constexpr std::array<std::string_view, 14> kClasses{"label",       "class",      "classname", "labelname", "category",
                                                    "classlabel",  "sentiment",  "classe",    "categoria", "rotulo",
                                                    "r\u00f3tulo", "sentimento", "classid",   "labelid"};
constexpr std::array<std::string_view, 10> kPartNames{"split", "set",   "subset",    "part",         "partition",
                                                      "usage", "phase", "datasplit", "datasetsplit", "dataset"};
constexpr std::array<std::string_view, 2> kGroups{"group", "grupo"};
constexpr std::array<std::string_view, 18> kUsualGroups{
    "subject",       "slideid",    "groupid",   "patient",  "patientid",    "paciente",
    "pacienteid",    "idpaciente", "lesion",    "lesionid", "subjectid",    "sujeitoid",
    "participantid", "speaker",    "speakerid", "animalid", "individualid", "videoid"};
constexpr std::array<std::string_view, 7> kNumbering{"", "idx", "id", "index", "unnamed0", "row", "rowid"};

constexpr std::array<std::string_view, 2> kFolds{"fold", "folds"};
constexpr std::array<std::string_view, 2> kFoldClasses{"target", "classid"};

constexpr ColumnNames kColumnNames{.pictures = kPictures,
                                   .texts = kTexts,
                                   .lists = kLists,
                                   .classes = kClasses,
                                   .parts = kPartNames,
                                   .groups = kGroups,
                                   .numbering = kNumbering,
                                   .folds = kFolds,
                                   .fold_classes = kFoldClasses,
                                   .usual_groups = kUsualGroups};

std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    const char lower = lower_case(c);
    if (c < 0 || (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9')) text += lower;
  }
  return text;
}

}  // namespace

const ColumnNames& column_names() { return kColumnNames; }

std::span<const ColumnPair> column_pairs() { return kPairs; }

bool same_column_name(std::string_view a, std::string_view b) { return plain(a) == plain(b); }

std::vector<std::size_t> columns_called(std::span<const std::string> columns, std::span<const std::string> names) {
  std::vector<std::size_t> places;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(columns, name);
    if (found == columns.end()) return {};
    places.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  return places;
}

bool is_one_of(std::string_view column, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return same_column_name(column, name); });
}

}  // namespace enxerto

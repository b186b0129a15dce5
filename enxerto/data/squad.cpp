#include "enxerto/data/squad.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/json_lines.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/questions.h"
#include "enxerto/files/json.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 30;
constexpr std::streamsize kLookedAtOfQuestions = 65'536;
constexpr std::string_view kForm =
    "SQuAD's form: {\"data\": [{\"paragraphs\": [{\"context\", \"qas\": [{\"id\", \"question\", \"answers\": "
    "[{\"text\", \"answer_start\"}]}]}]}]}, or questions with \"id\", \"context\", \"question\", \"answers\"";

bool ends_as_json(std::string_view path) { return lower_case(path).ends_with(".json") || is_json_lines_name(path); }

/// A place in a file, as messages name it.
struct JsonPlace {
  std::string where;

  JsonPlace in(std::string_view key) const {
    return {fmt::format("{}{}{}", where, where.ends_with(": ") ? "" : ".", key)};
  }
  JsonPlace at(std::string_view key, std::size_t number) const {
    return {fmt::format("{}[{}]", in(key).where, number)};
  }

  [[noreturn]] void refuse(std::string found, std::string expected) const {
    std::string named = where;
    if (named.ends_with(": ")) named.resize(named.size() - 2);
    throw data_error(std::move(named), std::move(found), std::move(expected));
  }

  /// The member, of that type; null where it is missing and may be.
  const Json* optional(const Json& object, std::string_view key) const {
    if (!object.is_object()) refuse(object.type_name(), "an object");
    const auto found = object.find(std::string(key));
    return found == object.end() || found->is_null() ? nullptr : &*found;
  }
  const Json& need(const Json& object, std::string_view key) const {
    if (const Json* found = optional(object, key)) return *found;
    refuse(fmt::format("no '{}'", key), std::string(kForm));
  }
  std::string text(const Json& object, std::string_view key) const {
    const Json& value = need(object, key);
    if (!value.is_string()) in(key).refuse(value.type_name(), "a text");
    return value.get<std::string>();
  }
  const Json& list(const Json& object, std::string_view key) const {
    const Json& value = need(object, key);
    if (!value.is_array()) in(key).refuse(value.type_name(), "a list");
    return value;
  }
  std::int64_t number(const Json& value) const {
    if (!value.is_number_integer()) refuse(value.is_string() ? "a text" : value.dump(), "a whole number of characters");
    return value.get<std::int64_t>();
  }
};

/// One file on its way into `Questions`.
class QuestionsReader {
 public:
  QuestionsReader(std::string name, Questions& into) : name_(std::move(name)), into_(into) {}

  void read(std::string_view text, bool lines) {
    text = without_byte_order_mark(text);
    if (lines) return read_lines(text);
    const JsonPlace top{name_ + ": "};
    const Json root = parse_json(text, name_);
    const Json& data = root.is_array() ? root : top.list(root, "data");
    for (std::size_t i = 0; i < data.size(); ++i) {
      const JsonPlace place = top.at("data", i);
      if (place.optional(data[i], "context") != nullptr)
        flat(data[i], place);
      else
        article(data[i], place);
    }
  }

 private:
  void read_lines(std::string_view text) {
    for (std::size_t number = 1; !text.empty(); ++number) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const std::string where = fmt::format("{}:{}", name_, number);
      flat(parse_json(line, where), {where + ": "});
    }
  }

  void article(const Json& article, const JsonPlace& place) {
    std::string title = "article";
    if (const Json* given = place.optional(article, "title"); given != nullptr && given->is_string())
      title = given->get<std::string>();
    const Json& paragraphs = place.list(article, "paragraphs");
    for (std::size_t p = 0; p < paragraphs.size(); ++p) {
      const JsonPlace here = place.at("paragraphs", p);
      const std::size_t context = context_of(paragraphs[p], here, title);
      const Json& questions = here.list(paragraphs[p], "qas");
      for (std::size_t q = 0; q < questions.size(); ++q) question(questions[q], here.at("qas", q), context);
    }
  }

  void flat(const Json& item, const JsonPlace& place) {
    std::string title = "text";
    if (const Json* given = place.optional(item, "title"); given != nullptr && given->is_string())
      title = given->get<std::string>();
    question(item, place, context_of(item, place, title));
  }

  std::size_t context_of(const Json& item, const JsonPlace& place, const std::string& title) {
    return into_.add_context(place.text(item, "context"), fmt::format("{}, {} {}", name_, title, ++contexts_));
  }

  void question(const Json& item, const JsonPlace& place, std::size_t context) {
    ++questions_;
    GivenQuestion one{.question = place.text(item, "question")};
    const Json* id = place.optional(item, "id");
    one.id = id == nullptr     ? fmt::format("{}:{}", name_, questions_)
             : id->is_string() ? id->get<std::string>()
                               : id->dump();
    const Json* answers = place.optional(item, "answers");
    const Json* impossible = place.optional(item, "is_impossible");
    if (impossible != nullptr && !impossible->is_boolean())
      place.in("is_impossible").refuse(impossible->dump(), "true or false");
    const bool none = impossible != nullptr && impossible->get<bool>();
    one.labelled = answers != nullptr || none;
    if (answers != nullptr && !none) one.answers = answers_of(*answers, place);
    into_.add(context, std::move(one));
  }

  /// [{text, answer_start}, ..] or {text: [..], answer_start: [..]}.
  static std::vector<GivenAnswer> answers_of(const Json& given, const JsonPlace& place) {
    std::vector<GivenAnswer> answers;
    if (given.is_array()) {
      for (std::size_t i = 0; i < given.size(); ++i) {
        const JsonPlace here = place.at("answers", i);
        answers.push_back(
            {here.text(given[i], "text"), here.in("answer_start").number(here.need(given[i], "answer_start"))});
      }
      return answers;
    }
    const JsonPlace here = place.in("answers");
    const Json& texts = here.list(given, "text");
    const Json& starts = here.list(given, "answer_start");
    if (texts.size() != starts.size())
      here.refuse(fmt::format("{} texts and {} starts", texts.size(), starts.size()), "one start for each text");
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!texts[i].is_string()) here.at("text", i).refuse(texts[i].type_name(), "a text");
      answers.push_back({texts[i].get<std::string>(), here.at("answer_start", i).number(starts[i])});
    }
    return answers;
  }

  std::string name_;
  Questions& into_;
  std::size_t contexts_ = 0, questions_ = 0;
};

std::shared_ptr<const Questions> read_questions(const std::string& path, const DataWatch& watch) {
  const std::string name = printable(std::filesystem::path(path).filename().string());
  const auto questions = std::make_shared<Questions>();
  const std::string text = read_text(path, kLargestFile);
  QuestionsReader(name, *questions).read(text, is_json_lines_name(path));
  questions->report(name, watch);
  if (questions->size() == 0) throw data_error(name, "no questions", std::string(kForm));
  return questions;
}

}  // namespace

bool is_questions_file(const std::string& path) {
  if (!ends_as_json(path)) return false;
  std::ifstream file(path, std::ios::binary);
  std::string begin(static_cast<std::size_t>(kLookedAtOfQuestions), '\0');
  file.read(begin.data(), kLookedAtOfQuestions);
  begin.resize(static_cast<std::size_t>(file.gcount()));
  const auto has = [&](std::string_view key) { return begin.find(key) != std::string::npos; };
  if (has("\"paragraphs\"")) return true;
  return has("\"context\"") && (has("\"question\"") || has("\"qas\"")) &&
         (has("\"answers\"") || !is_json_lines_name(path));
}

std::vector<std::string> questions_files(const std::string& folder, const std::vector<std::string>& files) {
  std::vector<std::string> found;
  for (const std::string& file : files)
    if (is_questions_file(folder + "/" + file)) found.push_back(file);
  return found;
}

DataParts open_questions(const std::string& path, const DataWatch& watch) {
  const std::shared_ptr<const Questions> questions = read_questions(path, watch);
  return {.format = "questions on texts",
          .all = Questions::dataset(questions, questions->some_have_none()),
          .texts = {"question", "context"}};
}

DataParts open_questions_folder(const std::string& folder, const std::vector<std::string>& files,
                                const DataWatch& watch) {
  if (files.size() == 1) return open_questions(folder + "/" + files.front(), watch);
  std::array<std::shared_ptr<const Questions>, 3> parts;
  bool are_parts = true;
  for (const std::string& file : files) {
    const std::optional<Part> part = part_mentioned(std::filesystem::path(file).stem().string());
    are_parts = are_parts && part && parts.at(static_cast<std::size_t>(*part)) == nullptr;
    if (are_parts) parts.at(static_cast<std::size_t>(*part)) = read_questions(folder + "/" + file, watch);
  }
  if (!are_parts || parts[0] == nullptr)
    throw data_error(
        printable(folder),
        fmt::format("several files of questions: {}", printable(fmt::format("{}", fmt::join(files, ", ")))),
        "one, or train.json and dev.json", "name one of the files");
  const bool some = std::ranges::any_of(parts, [](const auto& part) { return part && part->some_have_none(); });
  const auto set_of = [&](Part part) {
    const auto& questions = parts.at(static_cast<std::size_t>(part));
    return questions ? Questions::dataset(questions, some) : nullptr;
  };
  return {.format = "questions on texts",
          .train = set_of(Part::train),
          .validation = set_of(Part::validation),
          .test = set_of(Part::test),
          .texts = {"question", "context"}};
}

}  // namespace enxerto

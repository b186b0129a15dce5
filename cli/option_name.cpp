#include "option_name.h"

#include <cctype>

#include <fmt/format.h>

#include "enxerto/workflow/recipe_rows.h"

namespace enxerto::cli {
namespace {

/// "--size" of "-s,--size"; "" where there is none.
std::string_view long_name(std::string_view option) {
  const std::size_t begin = option.find("--");
  return begin == std::string_view::npos ? "" : option.substr(begin);
}

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '/'; }

/// Where `words` stands by itself, not inside a path or a longer key, it becomes `option`.
void replace_words(std::string& text, std::string_view words, std::string_view option) {
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at)) {
    const std::size_t end = at + words.size();
    const bool begins = at == 0 || !is_of_name(text[at - 1]);
    const bool ends = end == text.size() || words.back() == ' ' || !(is_of_name(text[end]) && text[end] != '.');
    if (begins && ends) text.replace(at, words.size(), option);
    at += begins && ends ? option.size() : words.size();
  }
}

/// `--targets ["a", "b"]`, as recipes write lists, becomes `--targets "a,b"`.
void write_lists_as_words(std::string& text, const std::string& option) {
  const std::string begin = option + " [";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    const std::size_t list = at + begin.size() - 1, end = text.find(']', list);
    if (end == std::string::npos) return;
    std::string words;
    for (std::size_t i = list + 1; i < end; ++i)
      if (text[i] != '"' && !(text[i] == ' ' && text[i - 1] == ',')) words += text[i];
    text.replace(list, end + 1 - list, fmt::format("\"{}\"", words));
    at = list;
  }
}

}  // namespace

std::string option_of_key(std::string_view key) {
  for (const RecipeRow& row : recipe_rows()) {
    const std::string_view option = long_name(row.option);
    if (!option.empty() && key == fmt::format("{}.{}", row.table, row.field.key)) return std::string(option);
  }
  return "";
}

std::string with_options(std::string text) {
  replace_words(text, "resume = true", "--resume");
  for (const RecipeRow& row : recipe_rows()) {
    const std::string_view option = long_name(row.option);
    const std::string key = fmt::format("{}.{}", row.table, row.field.key);
    if (option.empty() || text.find(key) == std::string::npos) continue;
    replace_words(text, key + (option.starts_with("--no-") ? " = false" : " = true"), option);
    replace_words(text, key + " = ", fmt::format("{} ", option));
    write_lists_as_words(text, std::string(option));
    replace_words(text, key, option);
  }
  return text;
}

}  // namespace enxerto::cli

#include "command.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "enxerto/base/lower_case.h"

namespace enxerto::cli {
namespace {

/// An empty word says nothing: what is not to be asked for is left out.
CLI::Option* with_value(CLI::Option* option) {
  return option->check(
      [](const std::string& word) { return word.empty() ? std::string("an empty value") : std::string(); });
}

}  // namespace

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::group(const std::string& heading) {
  option_->group(heading);
  return this;
}

Option* Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return suggest(words);
}

Option* Option::suggest(std::vector<std::string> words) {
  words_ = std::move(words);
  return this;
}

std::string Option::name() const {
  if (option_->get_group().empty() || option_->get_lnames().empty()) return "";
  return "--" + option_->get_lnames().front();
}

Option* Option::between(double least, double most) {
  option_->check(CLI::Range(least, most));
  option_->check([](const std::string& word) {
    return lower_case(word).find("nan") == std::string::npos ? std::string()
                                                             : fmt::format("{}: expected a number", word);
  });
  return this;
}

Option* Option::positive() {
  option_->check(
      [](const std::string& word) {
        return CLI::PositiveNumber(word).empty() ? std::string() : fmt::format("{}: expected a number above 0", word);
      },
      "POSITIVE");
  return this;
}

Option* Option::not_negative() {
  option_->check(
      [](const std::string& word) {
        return CLI::NonNegativeNumber(word).empty() ? std::string()
                                                    : fmt::format("{}: expected 0 or a number above", word);
      },
      "NONNEGATIVE");
  return this;
}

Option* Option::separated_by(char delimiter) {
  option_->delimiter(delimiter);
  return this;
}

bool Option::stands_by_place() const { return option_->get_positional(); }

bool Option::given() const { return option_->count() > 0; }

Option* Command::keep(CLI::Option* option) { return &options_.emplace_back(option); }

Command* Command::add_subcommand(const std::string& name, const std::string& about) {
  return &subcommands_.emplace_back(app_->add_subcommand(name, about));
}

template <typename T>
Option* Command::add_option(const std::string& names, T& value, const std::string& about) {
  return keep(with_value(app_->add_option(names, value, about)));
}

Option* Command::add_option(const std::string& names, const std::function<void(const std::string&)>& use,
                            const std::string& about) {
  return keep(with_value(app_->add_option_function<std::string>(names, use, about)));
}

template Option* Command::add_option(const std::string&, std::string&, const std::string&);
template Option* Command::add_option(const std::string&, std::filesystem::path&, const std::string&);
template Option* Command::add_option(const std::string&, int&, const std::string&);
template Option* Command::add_option(const std::string&, std::int64_t&, const std::string&);
template Option* Command::add_option(const std::string&, double&, const std::string&);
template Option* Command::add_option(const std::string&, std::optional<std::size_t>&, const std::string&);
template Option* Command::add_option(const std::string&, std::optional<double>&, const std::string&);
template Option* Command::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option* Command::add_option(const std::string&, std::vector<std::int64_t>&, const std::string&);

Option* Command::add_flag(const std::string& names, bool& value, const std::string& about) {
  return keep(app_->add_flag(names, value, about));
}

Option* Command::add_flag(const std::string& names, const std::string& about) {
  return keep(app_->add_flag(names, about));
}

void Command::callback(std::function<void()> chosen) { app_->callback(std::move(chosen)); }

void Command::fallthrough() { app_->fallthrough(); }

std::string Command::name() const { return app_->get_name(); }

std::string Command::about() const { return app_->get_description(); }

bool Command::subcommand_given() const { return !app_->get_subcommands().empty(); }

}  // namespace enxerto::cli

#pragma once
#include <functional>
#include <list>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
class Option;
}  // namespace CLI

namespace enxerto::cli {

/// What may be typed after a command. Each rule returns the option, so that rules can be written in a row.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option* required();
  Option* group(const std::string& heading);  ///< of `--help`; "": it is taken, and shown nowhere
  Option* one_of(const std::vector<std::string>& words);
  Option* between(double least, double most);
  Option* positive();
  Option* not_negative();
  Option* separated_by(char delimiter);

  bool given() const;

  /// The long name that --help shows, "--output", "" where there is none; and the words of `one_of`, or those that are
  /// suggested.
  std::string name() const;
  const std::vector<std::string>& words() const { return words_; }
  bool stands_by_place() const;
  Option* suggest(std::vector<std::string> words);

 private:
  CLI::Option* option_;
  std::vector<std::string> words_;
};

/// A command and the options and commands below it, which live as long as it does. Only the sources of this class and
/// of `CommandLine` read CLI11's header: it costs each source that reads it six seconds of compiling.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  Command* add_subcommand(const std::string& name, const std::string& about);

  /// `names` as they are typed, "-o,--output", or "DATA" for one that stands by its place. `T`: std::string,
  /// std::filesystem::path, int, std::int64_t, double, std::optional of std::size_t or double, std::vector of
  /// std::string or std::int64_t.
  template <typename T>
  Option* add_option(const std::string& names, T& value, const std::string& about);
  /// `use` is called with the word that was typed.
  Option* add_option(const std::string& names, const std::function<void(const std::string&)>& use,
                     const std::string& about);
  Option* add_flag(const std::string& names, bool& value, const std::string& about);
  Option* add_flag(const std::string& names, const std::string& about);

  /// Called once this command has been parsed, after those of its subcommands.
  void callback(std::function<void()> chosen);
  /// Options that it does not know are those of the command above it.
  void fallthrough();

  std::string name() const;
  std::string about() const;
  const std::list<Option>& options() const { return options_; }
  const std::list<Command>& subcommands() const { return subcommands_; }
  std::list<Command>& subcommands() { return subcommands_; }
  bool subcommand_given() const;

 private:
  Option* keep(CLI::Option* option);

  CLI::App* app_;
  std::list<Option> options_;  // as are the subcommands, of an address that stays
  std::list<Command> subcommands_;
};

}  // namespace enxerto::cli

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands.h"
#include "enxerto/base/error.h"

namespace enxerto::cli {
namespace {

struct OptionWords {
  std::string name;                 ///< "--precision"
  std::vector<std::string> values;  ///< that it takes, where they are fixed words
};

struct CommandWords {
  std::string name, about;
  std::vector<OptionWords> options;
  std::vector<std::string> words;  ///< subcommands of its own, and the fixed words of what stands by its place

  std::string typed() const {
    std::string text = fmt::format("{}", fmt::join(words, " "));
    for (const OptionWords& option : options) text += " " + option.name;
    return text + " --help";
  }
};

std::vector<CommandWords> words_of(const Command& app) {
  std::vector<CommandWords> all;
  for (const Command& command : app.subcommands()) {
    CommandWords& row = all.emplace_back();
    row.name = command.name();
    row.about = command.about();
    for (const Option& option : command.options()) {
      if (!option.name().empty()) row.options.push_back({option.name(), option.words()});
      if (option.stands_by_place()) row.words.insert(row.words.end(), option.words().begin(), option.words().end());
    }
    for (const Command& inner : command.subcommands()) row.words.push_back(inner.name());
  }
  return all;
}

std::vector<std::string> names(const std::vector<CommandWords>& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows) all.push_back(row.name);
  return all;
}

/// A branch of a shell's `case` for each option of fixed words, whose values `answer` answers with.
std::string value_cases(const CommandWords& row, std::string_view answer) {
  std::string cases;
  for (const OptionWords& option : row.options) {
    if (!option.values.empty())
      cases += fmt::format("      {}) {} ;;\n", option.name,
                           fmt::format(fmt::runtime(answer), fmt::join(option.values, " ")));
  }
  return cases.empty() ? "" : fmt::format("case \"$previous\" in\n{}    esac", cases);
}

std::string bash(const std::vector<CommandWords>& rows) {
  std::string cases;
  for (const auto& row : rows) {
    const std::string values = value_cases(row, "values=\"{}\"");
    cases += fmt::format("    {}) words=\"{}\"{} ;;\n", row.name, row.typed(), values.empty() ? "" : "; " + values);
  }
  return fmt::format(
      "# Completion of enxerto for bash: source <(enxerto completion bash)\n"
      "_enxerto() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" previous=\"${{COMP_WORDS[COMP_CWORD-1]}}\" words values\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$current\")); return\n"
      "  fi\n"
      "  case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
      "  if [ -n \"$values\" ]; then COMPREPLY=($(compgen -W \"$values\" -- \"$current\")); return; fi\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  case \"$current\" in -*) ;; *) COMPREPLY+=($(compgen -f -- \"$current\")) ;; esac\n"
      "}}\n"
      "complete -o filenames -F _enxerto enxerto\n",
      fmt::join(names(rows), " "), cases);
}

std::string zsh_quoted(const std::string& text) {
  std::string quoted;
  for (const char c : text)
    quoted += c == '\'' ? std::string("'\\''") : (c == ':' ? std::string("\\:") : std::string(1, c));
  return quoted;
}

std::string zsh(const std::vector<CommandWords>& rows) {
  std::string commands, cases;
  for (const auto& row : rows) {
    commands += fmt::format("    '{}:{}'\n", row.name, zsh_quoted(row.about));
    const std::string values = value_cases(row, "compadd -- {}; return");
    cases += fmt::format("    {}) {}compadd -- {} ;;\n", row.name, values.empty() ? "" : values + "; ", row.typed());
  }
  return fmt::format(
      "#compdef enxerto\n"
      "# Completion of enxerto for zsh: source <(enxerto completion zsh)\n"
      "_enxerto() {{\n"
      "  local -a commands\n"
      "  local previous=\"$words[CURRENT-1]\"\n"
      "  commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  case \"$words[2]\" in\n{}  esac\n"
      "  _files\n"
      "}}\n"
      "compdef _enxerto enxerto\n",
      commands, cases);
}

std::string fish_quoted(const std::string& text) {
  std::string quoted;
  for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted;
}

std::string fish(const std::vector<CommandWords>& rows) {
  std::string script = "# Completion of enxerto for fish: enxerto completion fish | source\n";
  for (const auto& row : rows) {
    script += fmt::format("complete -c enxerto -n __fish_use_subcommand -f -a {} -d '{}'\n", row.name,
                          fish_quoted(row.about));
    for (const auto& option : row.options) {
      const std::string values = option.values.empty() ? "" : fmt::format(" -x -a '{}'", fmt::join(option.values, " "));
      script += fmt::format("complete -c enxerto -n '__fish_seen_subcommand_from {}' -l {}{}\n", row.name,
                            option.name.substr(2), values);
    }
    for (const auto& word : row.words) {
      script += fmt::format("complete -c enxerto -n '__fish_seen_subcommand_from {}' -f -a {}\n", row.name, word);
    }
  }
  return script;
}

}  // namespace

void add_completion(Command& app, Session& session) {
  Command* command = app.add_subcommand("completion", "Print the completion script of a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required()->one_of({"bash", "zsh", "fish"});
  command->callback([&app, &session, shell] {
    session.command = [&app, shell] {
      const auto rows = words_of(app);
      fmt::print("{}", *shell == "bash" ? bash(rows) : *shell == "zsh" ? zsh(rows) : fish(rows));
      return 0;
    };
  });
}

}  // namespace enxerto::cli

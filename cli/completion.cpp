#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands.h"
#include "enxerto/base/error.h"

namespace enxerto::cli {
namespace {

struct CommandWords {
  std::string name, about;
  std::vector<std::string> options;  ///< "--epochs"
  std::vector<std::string> words;    ///< subcommands of its own
};

std::vector<CommandWords> words_of(const Command& app) {
  std::vector<CommandWords> all;
  for (const Command& command : app.subcommands()) {
    all.push_back({.name = command.name(), .about = command.about(), .options = command.option_names(), .words = {}});
    for (const Command& inner : command.subcommands()) all.back().words.push_back(inner.name());
  }
  return all;
}

std::vector<std::string> names(const std::vector<CommandWords>& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows) all.push_back(row.name);
  return all;
}

std::string bash(const std::vector<CommandWords>& rows) {
  std::string cases;
  for (const auto& row : rows) {
    cases +=
        fmt::format("    {}) words=\"{} {}\" ;;\n", row.name, fmt::join(row.words, " "), fmt::join(row.options, " "));
  }
  return fmt::format(
      "# Completion of enxerto for bash: source <(enxerto completion bash)\n"
      "_enxerto() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" words\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$current\")); return\n"
      "  fi\n"
      "  case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
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
    cases +=
        fmt::format("    {}) compadd -- {} {} ;;\n", row.name, fmt::join(row.words, " "), fmt::join(row.options, " "));
  }
  return fmt::format(
      "#compdef enxerto\n"
      "# Completion of enxerto for zsh: source <(enxerto completion zsh)\n"
      "_enxerto() {{\n"
      "  local -a commands\n"
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
      script +=
          fmt::format("complete -c enxerto -n '__fish_seen_subcommand_from {}' -l {}\n", row.name, option.substr(2));
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

#include "parse.h"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/version.h"
#include "standard_error.h"

namespace enxerto::cli {
namespace {

constexpr int kUsage = 2;

void add_shared_options(Command& command, Session& session) {
  command.add_flag("--json", session.json, "Print one JSON object for programs")->group("Output");
  command.add_flag("-q,--quiet", session.quiet, "No progress and no notes on standard error")->group("Output");
  command.add_flag("-v,--verbose", session.verbose, "Explain what was decided and why")->group("Output");
}

/// The options or subcommands that `app` knows, as they are typed.
std::vector<std::string> words_of(const CLI::App& app, bool options) {
  std::vector<std::string> words;
  if (options) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  } else {
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
      words.push_back(command->get_name());
  }
  return words;
}

/// "unknown option '--bakbone'; did you mean '--backbone'?"
std::string unknown_word(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  for (const CLI::App* level = at; level != nullptr; level = level->get_parent()) {
    for (const std::string& word : level->remaining(false)) {
      const bool option = word.starts_with("--");
      const std::string bare = word.substr(0, word.find('='));
      const auto candidates = words_of(*at, option);
      const auto best = nearest(bare, candidates);
      const std::string kind =
          option || word.starts_with('-') ? "option" : (candidates.empty() ? "argument" : "command");
      return fmt::format("unknown {} '{}'{}", kind, word, best ? fmt::format("; did you mean '{}'?", *best) : "");
    }
  }
  return "an unknown word";
}

/// "--epochs=" would take the next word as its value.
void refuse_empty_values(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word(argv[i]);
    if (word == "--") return;
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      throw usage_error(std::string(word.substr(0, word.size() - 1)), "an empty value",
                        "a value behind the =", "leave it out where nothing is asked for");
  }
}

}  // namespace

CommandLine::CommandLine(Session& session)
    : app_(std::make_unique<CLI::App>(
          "Transfer learning on an ordinary computer: a pretrained network, your data, a model you can check.",
          "enxerto")),
      root_(app_.get()) {
  app_->set_version_flag("--version", std::string(version()));
  app_->require_subcommand(1);
  app_->get_formatter()->column_width(34);
  for (const auto add : kCommands) add(root_, session);
  for (Command& command : root_.subcommands()) add_shared_options(command, session);
}

CommandLine::~CommandLine() = default;

std::optional<int> CommandLine::parse(int argc, char** argv) {
  if (argc == 1) {
    tell(app_->help());
    return kUsage;
  }
  refuse_empty_values(argc, argv);
  std::string wrong;
  try {
    app_->parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ExtrasError&) {
    wrong = unknown_word(*app_);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app_->exit(error);
    wrong = app_->get_subcommands().empty() && !app_->remaining().empty() ? unknown_word(*app_) : error.what();
  }
  const auto chosen = app_->get_subcommands();
  throw usage_error("", wrong, "",
                    fmt::format("enxerto {}--help", chosen.empty() ? "" : chosen.front()->get_name() + " "));
}

}  // namespace enxerto::cli

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "commands.h"
#include "drawn_examples.h"
#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/check_data.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/workflow/training_data.h"
#include "field_options.h"
#include "print_data.h"
#include "text.h"

namespace enxerto::cli {
namespace {

struct CheckOptions {
  std::filesystem::path data, output;
  Recipe recipe = {};  ///< how data are read
};

Json findings_json(const std::vector<ErrorText>& findings) {
  Json list = Json::array();
  for (const ErrorText& one : findings) {
    Json json{{"where", one.where}, {"found", one.found}};
    if (!one.expected.empty()) json["expected"] = one.expected;
    if (!one.tip.empty()) json["try"] = one.tip;
    list.push_back(std::move(json));
  }
  return list;
}

/// Whether anything is left to be drawn.
bool can_be_drawn(const DataCheck& check) {
  return check.summary && check.summary->examples() > check.summary->bad.size();
}

Json json_of(const DataCheck& check, std::size_t drawn) {
  Json json{{"kind", "check"},
            {"ok", check.wrong.empty()},
            {"wrong", findings_json(check.wrong)},
            {"doubtful", findings_json(check.doubtful)},
            {"drawn", drawn}};
  for (const TextOverlap& one : check.overlaps)
    json["overlap"].push_back({{"side", one.side},
                               {"test_lines", one.lines},
                               {"shared_lines", one.shared},
                               {"longest_run_words", one.run_words},
                               {"longest_run", one.run}});
  if (!check.summary) return json;
  json.update(Json{{"format", check.summary->format},
                   {"examples", check.summary->examples()},
                   {"targets", check.summary->info.target.kind},
                   {"names", names_json(*check.summary)}});
  json.update(same_json(check.summary->same));
  return json;
}

int run_check(const Session& session, const CheckOptions& options) {
  const DataCheck check = check_data(options.data, options.recipe.data.test, table_options(options.recipe.data),
                                     static_cast<int>(options.recipe.run.threads), *session.progress);
  std::size_t drawn = 0;
  if (!options.output.empty() && can_be_drawn(check))
    drawn = draw_some(*everything(check.sound), options.output, "--output");
  constexpr int kWrong = static_cast<int>(ErrorKind::data);
  if (session.json) {
    session.print(json_of(check, drawn));
    return check.wrong.empty() ? 0 : kWrong;
  }
  if (check.summary) print_summary(*check.summary, options.data.string());
  print_first(fmt::format("doubtful  {}", check.doubtful.size()), check.doubtful.size(),
              [&](std::size_t i) { return line_of(check.doubtful[i]); });
  if (check.summary) print_same(check.summary->same);
  print_wrong(check.wrong);
  if (const std::string overlap = overlap_text(check.overlaps, "test"); !overlap.empty()) {
    fmt::print("overlap   {}\n", overlap);
    if (const std::string runs = longest_runs_text(check.overlaps); !runs.empty())
      fmt::print("          {}\n", on_terminal(runs));
  }
  if (drawn > 0)
    fmt::print("drawn     {} of what is right in {}\n", counted(drawn, "picture"), options.output.string());
  return check.wrong.empty() ? 0 : kWrong;
}

void add_check(Command& data, Session& session) {
  struct Options {
    explicit Options(Command& command) : fields(command) {}
    CheckOptions check;
    FieldOptions fields;
  };
  Command* command =
      data.add_subcommand("check", "Read every example, and name each box, line, mask and file that is wrong");
  command->fallthrough();
  auto options = std::make_shared<Options>(*command);
  command->add_option("DATA", options->check.data, "Data as 'train' takes them")->required();
  command->add_option("--output", options->check.output,
                      "Folder for 16 pictures with their boxes or masks drawn; new or empty");
  options->fields.add(
      {"data.test", "data.kind", "data.targets", "data.texts", "data.images", "data.label", "run.threads"});
  command->callback([&session, options] {
    session.command = [&session, options] {
      options->fields.apply(options->check.recipe);
      return run_check(session, options->check);
    };
  });
}

}  // namespace

void add_data(Command& app, Session& session) {
  Command* command = app.add_subcommand("data", "Check data before anything is learned from them");
  add_check(*command, session);
  command->callback([command] {
    if (command->subcommand_given()) return;
    throw usage_error("data", "nothing to do with them", "enxerto data check DATA");
  });
}

}  // namespace enxerto::cli

#include "inspect_data.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "drawn_examples.h"
#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/data_summary.h"
#include "enxerto/data/data_watch.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/open.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/training_data.h"
#include "option_name.h"
#include "print_data.h"
#include "text.h"

namespace enxerto::cli {
namespace {

const PartSummary* part_named(const DataSummary& data, std::string_view name) {
  const auto found = std::ranges::find(data.parts, name, &PartSummary::name);
  return found == data.parts.end() ? nullptr : &*found;
}

std::string only_class_tip(const std::string& what) {
  const std::string tip = meant_tip(what);
  return tip.empty() ? tip : "; " + tip;
}

/// What `train` would do with the data, one sentence a line; the last says why it would stop, where it would.
std::vector<std::string> assumed(const DataSummary& data, const InspectOptions& options) {
  const Recipe& recipe = options.recipe;
  const std::string_view nouns = nouns_of(data.info.inputs);
  std::vector<std::string> lines;
  try {
    lines.push_back(fmt::format("task: {}", task_kind_for("auto", data.info).title));
  } catch (const Error& error) {
    return {with_options(std::string("would stop: ") + error.what())};
  }
  const PartSummary* test = part_named(data, "test");
  if (test == nullptr) test = part_named(data, "validation");
  lines.push_back(
      test != nullptr
          ? fmt::format("tested on the {} part, {}", test->name, counted(test->examples, "example"))
          : fmt::format("tested on {:.0f} % of the {}, which are held out", recipe.data.test_split * 100, nouns));
  try {
    require_few(data.bad, data.examples(), recipe.data.on_bad, nouns);
    if (!data.bad.empty())
      lines.push_back(fmt::format("{} left out: cannot be read", counted(data.bad.size(), "example")));
  } catch (const Error& error) {
    lines.push_back(with_options(std::string("would stop: ") + error.what()));
  }
  const std::vector<std::size_t>& learned = data.parts.front().of_name;
  if (data.info.target.kind == kClassTarget &&
      std::ranges::count_if(learned, [](std::size_t count) { return count > 0; }) < 2)
    lines.push_back("would stop: only one class to learn" + only_class_tip(options.what));
  return lines;
}

void print_text(const DataSummary& data, const InspectOptions& options) {
  print_summary(data, options.what);
  print_first(fmt::format("unreadable {}", data.bad.size()), data.bad.size(),
              [&](std::size_t i) { return data.bad[i].reason; });
  print_first(fmt::format("doubtful  {}", data.remarks.size()), data.remarks.size(),
              [&](std::size_t i) { return printable(data.remarks[i].id) + ": " + data.remarks[i].reason; });
  print_same(data.same);
  const std::vector<std::string> lines = assumed(data, options);
  print_first("train would assume", lines.size(), [&](std::size_t i) { return lines[i]; });
}

Json to_json(const DataSummary& data, const InspectOptions& options) {
  Json parts = Json::object();
  for (const PartSummary& part : data.parts) parts[part.name] = part.examples;
  Json json{
      {"kind", "data"},
      {"format", data.format},
      {"examples", data.examples()},
      {"parts", parts},
      {"targets", data.info.target.kind},
      {std::string(target_kind_named(data.info.target.kind).nouns), names_json(data)},
      {"sizes",
       {{"smallest", data.sizes[0]}, {"median", data.sizes[1]}, {"largest", data.sizes[2]}, {"unit", data.size_unit}}},
      {"formats", data.formats},
      {"unreadable", skipped_json(data.bad)},
      {"doubtful", skipped_json(data.remarks)},
      {"train", assumed(data, options)}};
  json.update(same_json(data.same));
  return json;
}

/// What is wrong is named, where it is more than one thing, before the data are refused.
DataParts opened(const Session& session, const InspectOptions& options) {
  const TableOptions table = table_options(options.recipe.data);
  try {
    return open_data(options.what, table, *session.progress);
  } catch (const Error& first) {
    if (first.kind() != ErrorKind::data) throw;
    KeptFaults faults;
    going_on(faults, [&] { open_watched(options.what, table, {no_progress(), faults}); });
    std::vector<ErrorText> wrong;
    for (const Error& fault : faults.all()) wrong.push_back(fault.text());
    if (wrong.size() < 2) throw;
    if (!session.json) print_wrong(wrong, "");
    throw data_error(printable(options.what),
                     fmt::format("{} places are wrong{}", wrong.size(),
                                 session.json ? ", the first at " + line_of(wrong.front()) : ""),
                     "none", "mend them; enxerto data check names all, with --json in a form for programs");
  }
}

}  // namespace

Json inspect_data(const Session& session, const InspectOptions& options) {
  const DataParts parts = opened(session, options);
  const DataSummary data = summarise(parts, static_cast<int>(options.recipe.run.threads), *session.progress);
  if (!options.draw.empty()) draw_some(*everything(parts), options.draw, "--draw");
  if (!session.json) print_text(data, options);
  return session.json ? to_json(data, options) : Json();
}

}  // namespace enxerto::cli

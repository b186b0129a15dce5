#include "print_data.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "enxerto/base/quantity.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/field.h"
#include "option_name.h"
#include "text.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kShown = 5;
constexpr std::size_t kWrongShown = 10;  // of one kind: they are what is to be mended

using Advice = std::pair<std::string, std::string>;  // what would have been right, and what to try

std::string size_text(const std::vector<std::int64_t>& size) { return fmt::format("{}", fmt::join(size, " x ")); }

/// Of boxes of one class, as the sides of squares.
void add_sizes(const ObjectSizes& sizes, std::vector<std::string>& row) {
  row.push_back(fmt::format("{}", sizes.objects));
  for (const double size : {sizes.least, sizes.median, sizes.greatest})
    row.push_back(sizes.objects == 0 ? "" : fmt::format("{:.0f}", size));
}

void print_names(const DataSummary& data) {
  if (target_kind_named(data.info.target.kind).names_are_inner) return;
  std::vector<std::vector<std::string>> rows{{std::string(target_kind_named(data.info.target.kind).nouns)}};
  if (!data.ranges.empty()) {
    rows[0].insert(rows[0].end(), {"minimum", "mean", "maximum"});
    for (std::size_t i = 0; i < data.ranges.size(); ++i) {
      const ColumnRange& range = data.ranges[i];
      rows.push_back({data.info.target.names[i], fmt::format("{:g}", range.least), fmt::format("{:.4g}", range.mean),
                      fmt::format("{:g}", range.greatest)});
    }
  } else {
    for (const PartSummary& part : data.parts) rows[0].push_back(part.name);
    if (!data.objects.empty()) rows[0].insert(rows[0].end(), {"boxes", "smallest", "median", "largest px"});
    if (!data.shares.empty()) rows[0].emplace_back("of all pixels");
    for (std::size_t i = 0; i < data.info.target.names.size(); ++i) {
      rows.push_back({data.info.target.names[i]});
      for (const PartSummary& part : data.parts) rows.back().push_back(fmt::format("{}", part.of_name[i]));
      if (!data.objects.empty()) add_sizes(data.objects[i], rows.back());
      if (!data.shares.empty()) rows.back().push_back(percent(data.shares[i]));
    }
  }
  fmt::print("{}", table(rows));
}

bool is_conflict(const SameContent& same) { return same.targets.size() > 1; }

std::size_t repeated(const std::vector<SameContent>& same) {
  std::size_t count = 0;
  for (const SameContent& group : same) count += group.ids.size() - 1;
  return count;
}

std::string line_of(const SameContent& same) {
  std::string text = printable(fmt::format("{}", fmt::join(same.ids, " = ")));
  if (is_conflict(same)) text += fmt::format(" ({})", fmt::join(same.targets, " and "));
  return text + (same.across_parts ? ", in different parts" : "");
}

}  // namespace

void print_summary(const DataSummary& data, std::string_view what) {
  std::vector<std::string> parts, formats;
  for (const PartSummary& part : data.parts) parts.push_back(fmt::format("{} {}", part.name, part.examples));
  for (const auto& [format, count] : data.formats) formats.push_back(fmt::format("{} {}", count, format));
  const std::string_view nouns = nouns_of(data.info.inputs);
  fmt::print("{}: {}, {} {} ({})\n", on_terminal(what), data.format, data.examples(), nouns, fmt::join(parts, ", "));
  print_names(data);
  if (!data.sizes[0].empty())
    fmt::print("sizes     {} smallest, {} median, {} largest ({})\n", size_text(data.sizes[0]),
               size_text(data.sizes[1]), size_text(data.sizes[2]), data.size_unit);
  if (!data.shares.empty()) fmt::print("ignored   {} of the pixels\n", percent(data.ignored));
  if (!data.objects.empty()) fmt::print("no boxes  in {} of {} {}\n", data.without_objects, data.examples(), nouns);
  if (!formats.empty()) fmt::print("formats   {}\n", fmt::join(formats, ", "));
}

void print_same(std::vector<SameContent> same) {
  const auto conflicts = std::ranges::count_if(same, is_conflict);
  std::ranges::stable_partition(same, is_conflict);
  print_first(fmt::format("duplicates {}; with conflicting answers: {}", repeated(same), conflicts), same.size(),
              [&](std::size_t i) { return line_of(same[i]); });
}

Json same_json(const std::vector<SameContent>& same) {
  Json list = Json::array();
  for (const SameContent& group : same) {
    Json ids = Json::array();
    for (const std::string& id : group.ids) ids.push_back(printable(id));
    list.push_back({{"names", ids}, {"targets", group.targets}, {"across_parts", group.across_parts}});
  }
  return {{"duplicates", list}, {"conflicts", std::ranges::count_if(same, is_conflict)}};
}

void print_first(std::string_view heading, std::size_t count, const std::function<std::string(std::size_t)>& line) {
  if (count == 0) return;
  fmt::print("{}\n", heading);
  for (std::size_t i = 0; i < std::min(count, kShown); ++i) fmt::print("  {}\n", on_terminal(line(i)));
  if (count > kShown) fmt::print("  and {} more (--json lists all)\n", count - kShown);
}

std::string line_of(const ErrorText& finding) { return printable(fmt::format("{}: {}", finding.where, finding.found)); }

void print_wrong(const std::vector<ErrorText>& wrong, std::string_view all_of_them) {
  fmt::print("wrong     {}\n", wrong.empty() ? "nothing" : fmt::format("{}", wrong.size()));
  std::vector<Advice> kinds;
  std::map<Advice, std::vector<const ErrorText*>> of_kind;
  for (const ErrorText& one : wrong) {
    const Advice said{one.expected, one.tip};
    std::vector<const ErrorText*>& alike = of_kind[said];
    if (alike.empty()) kinds.push_back(said);
    alike.push_back(&one);
  }
  for (const Advice& kind : kinds) {
    const auto& [expected, tip] = kind;
    const std::vector<const ErrorText*>& alike = of_kind[kind];
    for (std::size_t i = 0; i < std::min(alike.size(), kWrongShown); ++i) fmt::print("  {}\n", line_of(*alike[i]));
    if (alike.size() > kWrongShown) fmt::print("  and {} more{}\n", alike.size() - kWrongShown, all_of_them);
    if (!expected.empty()) fmt::print("    expected: {}\n", on_terminal(with_options(expected)));
    if (!tip.empty()) fmt::print("    try: {}\n", on_terminal(with_options(tip)));
  }
}

Json names_json(const DataSummary& data) {
  Json list = Json::array();
  for (std::size_t i = 0; i < data.info.target.names.size(); ++i) {
    Json one{{"name", data.info.target.names[i]}};
    for (const PartSummary& part : data.parts)
      if (!part.of_name.empty()) one[part.name] = part.of_name[i];
    if (!data.ranges.empty())
      one.update(
          Json{{"least", data.ranges[i].least}, {"mean", data.ranges[i].mean}, {"greatest", data.ranges[i].greatest}});
    if (!data.shares.empty()) one["share"] = data.shares[i];
    if (!data.objects.empty()) {
      const ObjectSizes& sizes = data.objects[i];
      one.update(Json{
          {"boxes", sizes.objects}, {"smallest", sizes.least}, {"median", sizes.median}, {"largest", sizes.greatest}});
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace enxerto::cli

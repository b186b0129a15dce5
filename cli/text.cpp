#include "text.h"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

namespace enxerto::cli {

std::string timing_text(const Timings& timings) {
  std::string text;
  for (const auto& [part, seconds] : timings.rows())
    text += fmt::format("{}{} {:.2f} s", text.empty() ? "" : ", ", part, seconds);
  return text;
}

Json timing_json(const Timings& timings) {
  Json json = Json::object();
  for (const auto& [part, seconds] : timings.rows()) json[part] = json.value(part, 0.0) + seconds;
  return json;
}

Json skipped_json(const std::vector<BadExample>& skipped) {
  Json json = Json::array();
  for (const auto& bad : skipped) json.push_back({{"name", bad.id}, {"reason", bad.reason}});
  return json;
}

void print_skipped(const std::vector<BadExample>& skipped) {
  constexpr std::size_t kShown = 10;
  if (skipped.empty()) return;
  fmt::print("skipped   {}\n", skipped.size());
  for (std::size_t i = 0; i < std::min(kShown, skipped.size()); ++i) fmt::print("  {}\n", skipped[i].reason);
  if (skipped.size() > kShown) fmt::print("  and {} more (--json lists all)\n", skipped.size() - kShown);
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool number =
          !row[c].empty() && (std::isdigit(static_cast<unsigned char>(row[c][0])) != 0 || row[c][0] == '-');
      line += number ? fmt::format("{:>{}}  ", row[c], widths[c]) : fmt::format("{:<{}}  ", row[c], widths[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace enxerto::cli

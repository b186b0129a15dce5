#include "enxerto/report/html_tables.h"

#include <cmath>
#include <type_traits>
#include <variant>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/report/figures.h"
#include "enxerto/report/format.h"

namespace enxerto {

std::string named_cell(std::string_view cell, std::string_view column) {
  constexpr std::string_view kBegin = "<td";
  return fmt::format("{} data-of='{}'{}", kBegin, escape_html(column), cell.substr(kBegin.size()));
}

namespace {

/// A share as a bar and a number.
std::string share_cell(double share) {
  if (!std::isfinite(share)) return "<td class=soft>not tested";
  return fmt::format(
      "<td><span class=share><span class=track><i style='width:{:.1f}%'></i></span><span class=num>{}</span></span>",
      share * 100, percent(share));
}

std::string estimate_cell(const Estimate& estimate, bool share) {
  const auto text = [&](double value) { return share ? percent(value) : measure(value); };
  if (!std::isfinite(estimate.interval.low)) return "<td class=num>" + text(estimate.value);
  return fmt::format("<td class=num>{} <span class=soft>{} to {}</span>", text(estimate.value),
                     text(estimate.interval.low), text(estimate.interval.high));
}

std::string cell_html(const Cell& cell, const MetricColumn& column) {
  return std::visit(
      [&](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          return "<td class=name>" + escape_html(value);
        } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
          return "<td class=num>" + format_count(value);
        } else if constexpr (std::is_same_v<Value, double>) {
          return column.share ? share_cell(value) : "<td class=num>" + measure(value);
        } else {
          return estimate_cell(value, column.share);
        }
      },
      cell);
}

std::string head_html(const MetricTable& table) {
  std::string html;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const bool bar = table.columns[c].share && std::holds_alternative<double>(table.rows.front().at(c));
    const bool number = c > 0 && !bar;
    const Estimate* estimate = std::get_if<Estimate>(&table.rows.front().at(c));
    html += (number ? "<th class=num>" : "<th>") + escape_html(capitalised(table.columns[c].title)) +
            (estimate != nullptr && std::isfinite(estimate->interval.low) ? ", 95 % interval" : "");
  }
  return html;
}

std::string table_section(const MetricTable& table) {
  if (table.rows.empty()) return "";
  std::string note = table.hardest ? "The hardest first." : "";
  if (!table.note.empty()) note += (note.empty() ? "" : " ") + escape_html(table.note);
  std::string html = "<section><h2>" + escape_html(table.title) + "</h2>" +
                     (note.empty() ? "" : "<p class=soft>" + note + "</p>") +
                     "<div class=scroll><table class=rows><thead><tr>" + head_html(table) + "</thead><tbody>";
  for (const std::size_t row : reading_order(table)) {
    html += "<tr>";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const std::string cell = cell_html(table.rows[row].at(c), table.columns[c]);
      html += c == 0 ? cell : named_cell(cell, capitalised(table.columns[c].title));  // the first says of what it is
    }
  }
  return html + "</tbody></table></div></section>";
}

}  // namespace

std::string tables_sections(const MetricsReport& report) {
  std::string html;
  for (const MetricTable& table : report.tables) html += table_section(table);
  return html;
}

}  // namespace enxerto

#include "enxerto/report/html_previews.h"

#include <string_view>

#include <fmt/format.h>

#include "enxerto/report/format.h"

namespace enxerto {
namespace {

std::string picture(const std::string& uri, const std::string& alt) {
  return fmt::format("<img loading=lazy alt='{}' src='{}'>", escape_html(alt), escape_html(uri));
}

/// What was looked at: a picture, or words.
std::string shown(const Previews::Mistake& one) {
  return one.uri.empty() ? "<p class=said>" + escape_html(one.text) + "</p>" : picture(one.uri, one.id);
}

/// Truth and prediction side by side.
std::string pairs(const std::vector<Previews::Mistake>& all) {
  std::string html = "<div class=pairs>";
  for (const Previews::Mistake& one : all)
    html += fmt::format(
        "<figure><div class=pair>{}{}</div><figcaption><span class=soft>true</span> <b>{}</b><br><span "
        "class=soft>predicted</span> {}<br><span class='soft id'>{}</span></figcaption></figure>",
        picture(one.uri, one.id), picture(one.drawn, one.id), escape_html(one.truth), escape_html(one.predicted),
        escape_html(one.id));
  return html + "</div>";
}

std::string legend_html(const std::vector<ModelWords::Colour>& legend) {
  std::string html;
  for (const ModelWords::Colour& one : legend)
    html += fmt::format("<span class=entry><i class=key style='background:{}'></i>{}</span> ", escape_html(one.css),
                        escape_html(one.name));
  return html.empty() ? "" : "<p class=legend>" + html + "</p>";
}

std::string drawn_section(const Previews& previews, const ModelWords& words, std::string_view nouns) {
  const auto section = [](const char* title, const std::vector<Previews::Mistake>& all) {
    return all.empty() ? "" : fmt::format("<h3>{}</h3>", title) + pairs(all);
  };
  return fmt::format("<section><h2>Worst and best</h2><p class=soft>Of the test {}: {} Each class has its colour.</p>",
                     nouns, escape_html(words.drawings)) +
         legend_html(words.legend) + section("Worst", previews.mistakes) + section("Best", previews.best) +
         "</section>";
}

std::string mistakes_section(const RunReport& report, bool numbers) {
  const Previews& previews = report.previews;
  if (!previews.best.empty() || (!previews.mistakes.empty() && !previews.mistakes.front().drawn.empty()))
    return drawn_section(previews, report.words, report.nouns);
  if (previews.mistakes.empty()) return "";
  std::string html = fmt::format("<section><h2>{}</h2><p class=soft>Of the test {}, the worst first.</p><div class={}>",
                                 numbers ? "Largest errors" : "Worst mistakes", report.nouns,
                                 previews.mistakes.front().uri.empty() ? "texts" : "cards");
  for (const Previews::Mistake& one : previews.mistakes)
    html += fmt::format(
        "<figure>{}<figcaption><b>{}</b><br><span class=soft>predicted</span> {}<br><span class='soft id'>{}"
        "</span></figcaption></figure>",
        shown(one), escape_html(one.truth), with_kept_shares(escape_html(one.predicted)), escape_html(one.id));
  return html + "</div></section>";
}

std::string samples_section(const Previews& previews, std::string_view nouns) {
  if (previews.samples.empty()) return "";
  std::string html = fmt::format("<section><h2>Training {}</h2><p class=soft>As the network sees them.</p>", nouns);
  for (const Previews::Samples& row : previews.samples) {
    html += row.name.empty() ? "" : "<h3>" + escape_html(row.name) + "</h3>";
    html += "<div class=strip>";
    for (const std::string& uri : row.uris) html += picture(uri, row.name);
    html += "</div>";
  }
  return html + "</section>";
}

std::string augmented_section(const Previews& previews, std::string_view noun) {
  if (previews.augmented.size() < 2) return "";
  std::string html = fmt::format(
      "<section><h2>Augmentation</h2><p class=soft>One training {} unchanged, then with random changes.</p><div "
      "class=strip>",
      noun);
  for (const std::string& uri : previews.augmented) html += picture(uri, "augmented");
  return html + "</div></section>";
}

}  // namespace

std::string previews_sections(const RunReport& report) {
  const bool numbers = !report.evaluations.empty() && !report.evaluations.front().metrics.scatters.empty();
  return mistakes_section(report, numbers) + samples_section(report.previews, report.nouns) +
         augmented_section(report.previews, report.noun);
}

}  // namespace enxerto

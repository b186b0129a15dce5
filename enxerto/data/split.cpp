#include "enxerto/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// A picture in the order in which contents are distinguished: class by class, lowest hash of (seed, content) first.
struct Ticket {
  Hash128 content;
  std::int64_t label;
  std::uint64_t draw;
  std::size_t position;
};

void check(std::span<const std::int64_t> labels, std::span<const Hash128> contents, double share) {
  if (!(share >= 0 && share < 1))
    throw usage_error("share held out", fmt::format("is {}", share), "at least 0 and below 1");
  if (labels.size() != contents.size())
    throw data_error("split", fmt::format("{} labels for {} contents", labels.size(), contents.size()),
                     "one label per content");
}

std::vector<Ticket> draw_tickets(std::span<const std::int64_t> labels, std::span<const Hash128> contents,
                                 std::uint64_t seed) {
  std::vector<Ticket> tickets;
  tickets.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Hash128 draw = Hash128Stream().add(std::string_view("split")).add(seed).add(contents[i]).value();
    tickets.push_back({contents[i], labels[i], draw.high, i});
  }
  std::sort(tickets.begin(), tickets.end(), [](const Ticket& a, const Ticket& b) {
    return a.content != b.content ? a.content < b.content : a.label < b.label;
  });
  // A content that bears two labels must still be on one side, so it is drawn with the class of the lowest.
  for (std::size_t i = 1; i < tickets.size(); ++i) {
    if (tickets[i].content == tickets[i - 1].content) tickets[i].label = tickets[i - 1].label;
  }
  std::sort(tickets.begin(), tickets.end(), [](const Ticket& a, const Ticket& b) {
    if (a.label != b.label) return a.label < b.label;
    if (a.draw != b.draw) return a.draw < b.draw;
    return a.content < b.content;
  });
  return tickets;
}

/// Where the held-out part of one class ends: `tickets` in the order of their draws.
std::size_t held_out_of(std::span<const Ticket> tickets, double share) {
  const double bound = std::ldexp(share, 64);
  std::size_t end = 0;
  while (end < tickets.size() && static_cast<double>(tickets[end].draw) < bound) ++end;
  const auto same_as = [&](std::size_t i) {
    return std::count_if(tickets.begin(), tickets.end(),
                         [&](const Ticket& t) { return t.content == tickets[i].content; });
  };
  if (end == 0) return static_cast<std::size_t>(same_as(0));
  if (end == tickets.size()) return end - static_cast<std::size_t>(same_as(end - 1));
  return end;
}

}  // namespace

Split stratified_split(std::span<const std::int64_t> labels, std::span<const Hash128> contents,
                       const SplitOptions& options) {
  check(labels, contents, options.held_out);
  const std::vector<Ticket> tickets = draw_tickets(labels, contents, options.seed);
  Split split;
  bool any = options.held_out == 0;
  for (std::size_t begin = 0, end = 0; begin < tickets.size(); begin = end) {
    while (end < tickets.size() && tickets[end].label == tickets[begin].label) ++end;
    const auto of_class = std::span(tickets).subspan(begin, end - begin);
    const bool divisible = of_class.front().content != of_class.back().content;
    const std::size_t held = options.held_out > 0 && divisible ? held_out_of(of_class, options.held_out) : 0;
    any = any || divisible;
    for (std::size_t i = 0; i < of_class.size(); ++i)
      (i < held ? split.held_out : split.kept).push_back(of_class[i].position);
  }
  if (!any)
    throw data_error("split", "no class has two different pictures", "at least one class with a picture for each part",
                     "add pictures, or give a separate test set");
  std::sort(split.kept.begin(), split.kept.end());
  std::sort(split.held_out.begin(), split.held_out.end());
  return split;
}

Split content_split(std::span<const Hash128> contents, const SplitOptions& options) {
  return stratified_split(std::vector<std::int64_t>(contents.size(), 0), contents, options);
}

}  // namespace enxerto

#include "enxerto/data/bad_example.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kOneIn = 20;

}  // namespace

void require_few(std::span<const BadExample> bad, std::size_t count, OnBad on_bad, std::string_view nouns) {
  if (on_bad == OnBad::skip || bad.empty() || (on_bad == OnBad::few && bad.size() * kOneIn <= count)) return;
  const std::string& reason = bad.front().reason;
  // What mends the first mends all of them, where none can be read.
  constexpr std::string_view kTip = "; try: ";
  const std::size_t tip = reason.rfind(kTip);
  const std::string advice = bad.size() == count && tip != std::string::npos
                                 ? reason.substr(tip + kTip.size())
                                 : "mend or remove them, or leave out all that cannot be read (data.on_bad = \"skip\")";
  throw data_error("data",
                   fmt::format("{} of {} {} cannot be read (first: {})", bad.size(), count, nouns,
                               reason.substr(0, reason.find("; expected "))),
                   on_bad == OnBad::few ? fmt::format("at most {} %, which would be left out", 100 / kOneIn) : "none",
                   advice);
}

}  // namespace enxerto

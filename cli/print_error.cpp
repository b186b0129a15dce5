#include "print_error.h"

#include <string>
#include <string_view>

#include <fmt/core.h>

#include "option_name.h"
#include "session.h"
#include "standard_error.h"
#include "text.h"

namespace enxerto::cli {
namespace {

/// What the exit code stands for.
std::string_view word_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::data:
      return "data";
    case ErrorKind::weights:
      return "weights";
    case ErrorKind::disk:
      return "disk";
    case ErrorKind::network:
      return "network";
    case ErrorKind::diverged:
      return "diverged";
    case ErrorKind::memory:
      return "memory";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::other:
      break;
  }
  return "other";
}

}  // namespace

void print_error(const Error& error, int exit_code, bool json) {
  const ErrorText& text = error.text();
  const std::string option = option_of_key(text.where);
  const std::string where = option.empty() ? text.where : fmt::format("{} ({})", option, text.where);
  tell(on_terminal(fmt::format("enxerto: {}{}{}\n", where, text.where.empty() || text.found.empty() ? "" : ": ",
                               with_options(text.found))));
  if (!text.expected.empty()) tell(on_terminal(fmt::format("  expected: {}\n", with_options(text.expected))));
  if (!text.tip.empty()) tell(on_terminal(fmt::format("  try: {}\n", with_options(text.tip))));
  if (!json) return;
  Json object{{"kind", word_of(error.kind())}};
  if (!text.where.empty()) object["where"] = text.where;
  object["message"] = with_options(error.what());
  object["found"] = with_options(text.found);
  if (!text.expected.empty()) object["expected"] = with_options(text.expected);
  if (!text.tip.empty()) object["try"] = with_options(text.tip);
  object["exit_code"] = exit_code;
  Session().print({{"error", std::move(object)}});
}

}  // namespace enxerto::cli

#include "enxerto/base/error.h"

#include <utility>

namespace enxerto {
namespace {

std::string one_line(const ErrorText& text) {
  std::string line = text.where;
  if (!text.found.empty()) line += (line.empty() ? "" : ": ") + text.found;
  if (!text.expected.empty()) line += "; expected " + text.expected;
  if (!text.tip.empty()) line += "; try: " + text.tip;
  return line;
}

}  // namespace

Error::Error(ErrorKind kind, ErrorText text)
    : std::runtime_error(one_line(text)), kind_(kind), text_(std::move(text)) {}

}  // namespace enxerto

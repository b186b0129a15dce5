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

Error::Error(const Error&) = default;
Error::Error(Error&&) noexcept = default;
Error& Error::operator=(const Error&) = default;
Error& Error::operator=(Error&&) noexcept = default;
Error::~Error() = default;

Error usage_error(std::string where, std::string found, std::string expected, std::string tip) {
  return {ErrorKind::usage, {std::move(where), std::move(found), std::move(expected), std::move(tip)}};
}

Error data_error(std::string where, std::string found, std::string expected, std::string tip) {
  return {ErrorKind::data, {std::move(where), std::move(found), std::move(expected), std::move(tip)}};
}

Error weights_error(std::string where, std::string found, std::string expected, std::string tip) {
  return {ErrorKind::weights, {std::move(where), std::move(found), std::move(expected), std::move(tip)}};
}

Error disk_error(std::string where, std::string found, std::string expected, std::string tip) {
  return {ErrorKind::disk, {std::move(where), std::move(found), std::move(expected), std::move(tip)}};
}

Error network_error(std::string where, std::string found, std::string expected, std::string tip) {
  return {ErrorKind::network, {std::move(where), std::move(found), std::move(expected), std::move(tip)}};
}

}  // namespace enxerto

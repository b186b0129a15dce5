#include "session.h"

#include <string>
#include <utility>

#include <fmt/core.h>

#include "enxerto/base/utf8.h"

namespace enxerto::cli {
namespace {

constexpr int kSchemaVersion = 1;

/// Bytes that are no UTF-8 as \xNN, so that two names stay two.
void make_utf8(Json& value) {
  if (auto* text = value.get_ptr<std::string*>()) {
    *text = as_utf8(*text);
  } else if (value.is_structured()) {
    for (Json& member : value) make_utf8(member);
  }
}

}  // namespace

std::string to_line(Json object) {
  make_utf8(object);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void Session::print(const Json& result) const {
  Json object{{"schema_version", kSchemaVersion}};
  object.update(result);
  fmt::print("{}", to_line(std::move(object)));
}

}  // namespace enxerto::cli

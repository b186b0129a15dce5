#include "session.h"

#include <fmt/core.h>

namespace enxerto::cli {
namespace {

constexpr int kSchemaVersion = 1;

}  // namespace

void Session::print(const Json& result) const {
  Json object{{"schema_version", kSchemaVersion}};
  object.update(result);
  fmt::print("{}\n", object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace enxerto::cli

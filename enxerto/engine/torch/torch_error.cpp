#include "enxerto/engine/torch/torch_error.h"

#include <string_view>
#include <utility>

namespace enxerto {

Error from_torch(const c10::Error& error, ErrorKind kind, std::string where) {
  const std::string_view message = error.what_without_backtrace();
  // The processor's allocator throws the general type, distinguished by its text only.
  const bool no_memory = dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
                         message.find("can't allocate memory") != std::string_view::npos;
  return {no_memory ? ErrorKind::memory : kind,
          {.where = std::move(where),
           .found = std::string(message.substr(0, message.find('\n'))),
           .tip = no_memory ? "a smaller batch" : ""}};
}

}  // namespace enxerto

#include "standard_error.h"

#include <cstdio>

namespace enxerto::cli {

void tell(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stderr) < text.size()) std::clearerr(stderr);
  std::fflush(stderr);
}

}  // namespace enxerto::cli

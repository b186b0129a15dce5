#pragma once
#include <c10/util/Exception.h>

#include <string>

#include "enxerto/base/error.h"

namespace enxerto {

/// LibTorch's error as one of ours: Error{memory} where it could not allocate, else `kind`. `where` is what is named;
/// of the message only the first line is kept, without source positions.
Error from_torch(const c10::Error& error, ErrorKind kind, std::string where);

}  // namespace enxerto

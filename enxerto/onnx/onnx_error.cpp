#include "enxerto/onnx/onnx_error.h"

#include "enxerto/base/error.h"

namespace enxerto {

void fail_onnx(std::string_view where, OnnxFault fault) {
  throw Error(ErrorKind::weights, {.where = std::string(where),
                                   .found = std::move(fault.found),
                                   .expected = std::move(fault.expected),
                                   .tip = std::move(fault.tip)});
}

}  // namespace enxerto

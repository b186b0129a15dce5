#include "enxerto/onnx/onnx_error.h"

#include "enxerto/base/error.h"

namespace enxerto {

void fail_onnx(std::string_view where, OnnxFault fault) {
  throw weights_error(std::string(where), std::move(fault.found), std::move(fault.expected), std::move(fault.tip));
}

}  // namespace enxerto

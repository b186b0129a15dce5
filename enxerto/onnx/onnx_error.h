#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// What is wrong with an ONNX file. The tip says what to do about it; the default is to export it again.
struct OnnxFault {
  std::string found;
  std::string expected;
  std::string tip = "export the model again, or download the file again";
};

/// Throws Error{weights}.
[[noreturn]] void fail_onnx(std::string_view where, OnnxFault fault);

}  // namespace enxerto

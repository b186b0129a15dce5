#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "enxerto/base/tensor.h"
#include "enxerto/files/read.h"

namespace enxerto_onnx {
class TensorProto;
}

namespace enxerto {

/// Converts the tensors of one ONNX model.
class TensorReader {
 public:
  /// `where` names the model in errors, `folder` is where its external data may be; a model that is a link itself (as
  /// in the cache of a hub) may have data that is one.
  struct Source {
    std::string where;
    std::filesystem::path folder;
    bool follow_links = false;
  };
  explicit TensorReader(Source source) : source_(std::move(source)) {}

  /// Takes the bytes out of `proto` where they are inside, maps them where they are next to the model. Throws
  /// Error{weights} that names the tensor: element types that are not held here, negative or huge sizes, more or fewer
  /// bytes than the shape wants, external data that is not in the folder or ends too early.
  Tensor read(enxerto_onnx::TensorProto& proto);

 private:
  Tensor read_external(const enxerto_onnx::TensorProto& proto, DType dtype, const Shape& shape);
  const MappedFile& mapped(const std::string& location, const std::string& tensor);

  Source source_;
  std::map<std::string, MappedFile> files_;  // by location
};

}  // namespace enxerto

#include "enxerto/model/export.h"

#include "enxerto/base/version.h"
#include "enxerto/onnx/export.h"

namespace enxerto {

void export_onnx(const Bundle& bundle, const std::filesystem::path& path, const OnnxExportOptions& options) {
  const auto text = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  write_onnx(bundle.graph, path,
             {.external = options.external,
              .metadata = {{"enxerto.version", std::string(version())},
                           {"enxerto.task", bundle.task},
                           {"enxerto.labels", text(bundle.labels)},
                           {"enxerto.preprocess", text(bundle.preprocessor->record())}}});
}

}  // namespace enxerto

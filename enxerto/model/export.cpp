#include "enxerto/onnx/export.h"
#include "enxerto/base/version.h"
#include "enxerto/model/state.h"

namespace enxerto {

void Model::export_onnx(const std::filesystem::path& path, bool external) const {
  const Bundle& bundle = state_->bundle;
  const auto text = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  write_onnx(bundle.graph, path,
             {.external = external,
              .metadata = {{"enxerto.version", std::string(version())},
                           {"enxerto.task", bundle.task},
                           {"enxerto.labels", text(bundle.labels)},
                           {"enxerto.preprocess", text(bundle.preprocessor->record())}}});
}

}  // namespace enxerto

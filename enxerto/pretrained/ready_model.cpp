#include "enxerto/pretrained/ready_model.h"

#include "enxerto/base/error.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/ctc_model.h"
#include "enxerto/pretrained/line_reader.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/lone_file.h"
#include "enxerto/pretrained/speech/ctc_head.h"

namespace enxerto {
namespace {

/// What a network can be for, and how its path is known.
struct ReadyKind {
  bool (*is)(const std::filesystem::path& path);
  std::string_view task;
};
constexpr ReadyKind kReady[] = {{is_ctc_folder, "speech_recognition"}, {is_line_reader, "text_recognition"}};

/// Says what is wrong with a file that somebody takes for a network which answers by itself.
[[noreturn]] void refuse_onnx(const std::filesystem::path& file) {
  (void)onnx_metadata(file);  // what is damaged, is named
  throw weights_error(file.string(), "an ONNX network that does not say what its answers mean",
                      "a folder that `enxerto train` saved, or PP-OCR's recogniser with `character` in its metadata",
                      "enxerto train DATA --backbone FILE makes a model of it; `enxerto inspect FILE` shows it");
}

}  // namespace

std::optional<Bundle> ready_model(const std::filesystem::path& path) {
  for (const ReadyKind& kind : kReady)
    if (kind.is(path)) return ctc_model(load_backbone(path.string()), kind.task);
  if (const std::optional<std::filesystem::path> file = lone_file(path, is_onnx_file)) refuse_onnx(*file);
  return std::nullopt;
}

}  // namespace enxerto

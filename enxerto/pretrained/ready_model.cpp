#include "enxerto/pretrained/ready_model.h"

#include "enxerto/pretrained/ctc_model.h"
#include "enxerto/pretrained/line_reader.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/speech/ctc_head.h"

namespace enxerto {
namespace {

/// What a network can be for, and how its path is known.
struct ReadyKind {
  bool (*is)(const std::filesystem::path& path);
  std::string_view task;
};
constexpr ReadyKind kReady[] = {{is_ctc_folder, "speech_recognition"}, {is_line_reader, "text_recognition"}};

}  // namespace

std::optional<Bundle> ready_model(const std::filesystem::path& path) {
  for (const ReadyKind& kind : kReady)
    if (kind.is(path)) return ctc_model(load_backbone(path.string()), kind.task);
  return std::nullopt;
}

}  // namespace enxerto

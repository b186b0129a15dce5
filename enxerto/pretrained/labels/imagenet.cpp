#include "enxerto/pretrained/labels/imagenet.h"

namespace enxerto {
namespace {

constexpr std::string_view kLabels[] = {
#include "enxerto/pretrained/labels/imagenet1k.inc"
};
static_assert(std::size(kLabels) == 1000);

}  // namespace

std::span<const std::string_view> imagenet_labels() { return kLabels; }

}  // namespace enxerto

#include "enxerto/pretrained/labels/voc.h"

namespace enxerto {
namespace {

constexpr std::string_view kVocLabels[] = {
    "__background__", "aeroplane", "bicycle",     "bird", "boat",  "bottle",    "bus",    "car",         "cat",
    "chair",          "cow",       "diningtable", "dog",  "horse", "motorbike", "person", "pottedplant", "sheep",
    "sofa",           "train",     "tvmonitor",
};
static_assert(std::size(kVocLabels) == 21);

}  // namespace

std::span<const std::string_view> voc_labels() { return kVocLabels; }

}  // namespace enxerto

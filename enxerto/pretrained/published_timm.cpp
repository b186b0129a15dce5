#include "enxerto/pretrained/published.h"

namespace enxerto {
namespace {

// timm rounds TensorFlow's (x - 127) / 128 to (x - 127.5) / 127.5 and publishes its figures so.
constexpr PublishedSource kTimm{
    .name = "timm",
    .naming = "timm",
    .licence = "Apache-2.0",
    .address = "https://github.com/rwightman/pytorch-image-models/releases/download/v0.1-weights/",
    .folder = "",
    .mean = {0.5F, 0.5F, 0.5F},
    .deviation = {0.5F, 0.5F, 0.5F}};

constexpr PublishedRow kTimmRows[] = {
    {.name = "efficientnet_lite0",
     .file = "tf_efficientnet_lite0-0aa007d2.pth",
     .sha256 = "0aa007d2",
     .size = 224,
     .filter = Filter::bicubic},
    {.name = "efficientnet_lite1",
     .file = "tf_efficientnet_lite1-bde8b488.pth",
     .sha256 = "bde8b488",
     .size = 240,
     .crop_fraction = 0.882,
     .filter = Filter::bicubic},
    {.name = "efficientnet_lite2",
     .file = "tf_efficientnet_lite2-dcccb7df.pth",
     .sha256 = "dcccb7df",
     .size = 260,
     .crop_fraction = 0.890,
     .filter = Filter::bicubic},
    {.name = "efficientnet_lite3",
     .file = "tf_efficientnet_lite3-b733e338.pth",
     .sha256 = "b733e338",
     .size = 300,
     .crop_fraction = 0.904},
    {.name = "efficientnet_lite4",
     .file = "tf_efficientnet_lite4-741542c3.pth",
     .sha256 = "741542c3",
     .size = 380,
     .crop_fraction = 0.920},
};

}  // namespace

std::vector<PretrainedSpec> published_timm() { return published_specs({{&kTimm, kTimmRows}}); }

}  // namespace enxerto

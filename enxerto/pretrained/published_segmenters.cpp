#include "enxerto/pretrained/labels/voc.h"
#include "enxerto/pretrained/published.h"

namespace enxerto {
namespace {

/// torchvision brings the shorter side to 520 px and keeps the shape; here pictures are squashed to a square.
constexpr PublishedSource segmenter_source(const char* naming) {
  return {.name = "torchvision",
          .naming = naming,
          .licence = "BSD-3-Clause",
          .address = "https://download.pytorch.org/models/",
          .folder = "",
          .mean = {0.485F, 0.456F, 0.406F},
          .deviation = {0.229F, 0.224F, 0.225F},
          .fit = ImagePreprocess::Fit::squash,
          .labels = voc_labels,
          .figure = " % mean IoU, COCO with VOC's classes"};
}
constexpr PublishedSource kFcnSource = segmenter_source("torchvision_fcn"),
                          kDeepLabSource = segmenter_source("torchvision_deeplab"),
                          kLrasppSource = segmenter_source("torchvision_lraspp");

constexpr PublishedRow kFcnRows[] = {
    {.name = "fcn_resnet50",
     .file = "fcn_resnet50_coco-1167a1af.pth",
     .sha256 = "1167a1af",
     .size = 520,
     .crop_fraction = 1,
     .top1 = 60.5,
     .classes = 21},
};
constexpr PublishedRow kDeepLabRows[] = {
    {.name = "deeplabv3_resnet50",
     .file = "deeplabv3_resnet50_coco-cd0a2569.pth",
     .sha256 = "cd0a2569",
     .size = 520,
     .crop_fraction = 1,
     .top1 = 66.4,
     .classes = 21},
    {.name = "deeplabv3_mobilenet_v3_large",
     .file = "deeplabv3_mobilenet_v3_large-fc3c493d.pth",
     .sha256 = "fc3c493d",
     .size = 520,
     .crop_fraction = 1,
     .top1 = 60.3,
     .classes = 21},
};
constexpr PublishedRow kLrasppRows[] = {
    {.name = "lraspp_mobilenet_v3_large",
     .file = "lraspp_mobilenet_v3_large-d234d4ea.pth",
     .sha256 = "d234d4ea",
     .size = 520,
     .crop_fraction = 1,
     .top1 = 57.9,
     .classes = 21},
};

}  // namespace

std::vector<PretrainedSpec> published_segmenters() {
  return published_specs({{&kFcnSource, kFcnRows}, {&kDeepLabSource, kDeepLabRows}, {&kLrasppSource, kLrasppRows}});
}

}  // namespace enxerto

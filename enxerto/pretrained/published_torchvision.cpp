#include "enxerto/pretrained/labels/coco.h"
#include "enxerto/pretrained/published.h"

namespace enxerto {
namespace {

constexpr PublishedSource kTorchvision{.name = "torchvision",
                                       .naming = "torchvision",
                                       .licence = "BSD-3-Clause",
                                       .address = "https://download.pytorch.org/models/",
                                       .folder = "",
                                       .mean = {0.485F, 0.456F, 0.406F},
                                       .deviation = {0.229F, 0.224F, 0.225F}};

constexpr PublishedSource kTorchvisionV2 = [] {
  PublishedSource source = kTorchvision;
  source.name = "torchvision-v2";
  return source;
}();

/// InceptionV3 wants (x - 0.5) / 0.5. torchvision turns its usual normalisation into that inside the network
/// (`transform_input`); here the preprocessing gives it at once.
constexpr PublishedSource kTorchvisionInception = [] {
  PublishedSource source = kTorchvision;
  source.mean = source.deviation = {0.5F, 0.5F, 0.5F};
  return source;
}();

constexpr PublishedSource kTorchvisionSsdlite = [] {
  PublishedSource source = kTorchvision;
  source.naming = "torchvision_ssdlite";
  source.mean = source.deviation = {0.5F, 0.5F, 0.5F};
  source.fit = ImagePreprocess::Fit::squash;
  source.labels = coco_labels;
  source.figure = " % box AP, COCO";
  return source;
}();

/// torchvision brings the shorter side to 800 px and keeps the shape; here pictures are squashed to a square.
constexpr PublishedSource kTorchvisionRetinaNet = [] {
  PublishedSource source = kTorchvision;
  source.naming = "torchvision_retinanet_frozen";
  source.fit = ImagePreprocess::Fit::squash;
  source.labels = coco_labels;
  source.figure = " % box AP, COCO";
  return source;
}();

constexpr PublishedRow kTorchvisionRows[] = {
    {.name = "resnet18", .file = "resnet18-f37072fd.pth", .sha256 = "f37072fd", .size = 224, .top1 = 69.758},
    {.name = "resnet34", .file = "resnet34-b627a593.pth", .sha256 = "b627a593", .size = 224, .top1 = 73.314},
    {.name = "resnet50", .file = "resnet50-0676ba61.pth", .sha256 = "0676ba61", .size = 224, .top1 = 76.130},
    {.name = "resnet101", .file = "resnet101-63fe2227.pth", .sha256 = "63fe2227", .size = 224, .top1 = 77.374},
    {.name = "resnet152", .file = "resnet152-394f9c45.pth", .sha256 = "394f9c45", .size = 224, .top1 = 78.312},
    {.name = "vgg11", .file = "vgg11-8a719046.pth", .sha256 = "8a719046", .size = 224, .top1 = 69.020},
    {.name = "vgg13", .file = "vgg13-19584684.pth", .sha256 = "19584684", .size = 224, .top1 = 69.928},
    {.name = "vgg16", .file = "vgg16-397923af.pth", .sha256 = "397923af", .size = 224, .top1 = 71.592},
    {.name = "vgg19", .file = "vgg19-dcbb9e9d.pth", .sha256 = "dcbb9e9d", .size = 224, .top1 = 72.376},
    {.name = "vgg11_bn", .file = "vgg11_bn-6002323d.pth", .sha256 = "6002323d", .size = 224, .top1 = 70.370},
    {.name = "vgg13_bn", .file = "vgg13_bn-abd245e5.pth", .sha256 = "abd245e5", .size = 224, .top1 = 71.586},
    {.name = "vgg16_bn", .file = "vgg16_bn-6c64b313.pth", .sha256 = "6c64b313", .size = 224, .top1 = 73.360},
    {.name = "vgg19_bn", .file = "vgg19_bn-c79401a0.pth", .sha256 = "c79401a0", .size = 224, .top1 = 74.218},
    {.name = "mobilenet_v2", .file = "mobilenet_v2-b0353104.pth", .sha256 = "b0353104", .size = 224, .top1 = 71.878},
    {.name = "mobilenet_v3_large",
     .file = "mobilenet_v3_large-8738ca79.pth",
     .sha256 = "8738ca79",
     .size = 224,
     .top1 = 74.042},
    {.name = "mobilenet_v3_small",
     .file = "mobilenet_v3_small-047dcff4.pth",
     .sha256 = "047dcff4",
     .size = 224,
     .top1 = 67.668},
    {.name = "densenet121", .file = "densenet121-a639ec97.pth", .sha256 = "a639ec97", .size = 224, .top1 = 74.434},
    {.name = "efficientnet_b0",
     .file = "efficientnet_b0_rwightman-7f5810bc.pth",
     .sha256 = "7f5810bc",
     .size = 224,
     .filter = Filter::bicubic,
     .top1 = 77.692},
    {.name = "efficientnet_b1",
     .file = "efficientnet_b1_rwightman-bac287d4.pth",
     .sha256 = "bac287d4",
     .size = 240,
     .crop_fraction = 0.9375,
     .filter = Filter::bicubic,
     .top1 = 78.642},
    {.name = "efficientnet_b2",
     .file = "efficientnet_b2_rwightman-c35c1473.pth",
     .sha256 = "c35c1473",
     .size = 288,
     .crop_fraction = 1.0,
     .filter = Filter::bicubic,
     .top1 = 80.608},
    {.name = "efficientnet_b3",
     .file = "efficientnet_b3_rwightman-b3899882.pth",
     .sha256 = "b3899882",
     .size = 300,
     .crop_fraction = 0.9375,
     .filter = Filter::bicubic,
     .top1 = 82.008},
    {.name = "efficientnet_b4",
     .file = "efficientnet_b4_rwightman-23ab8bcd.pth",
     .sha256 = "23ab8bcd",
     .size = 380,
     .crop_fraction = 0.989,
     .filter = Filter::bicubic,
     .top1 = 83.384},
    {.name = "convnext_tiny",
     .file = "convnext_tiny-983f1562.pth",
     .sha256 = "983f1562",
     .size = 224,
     .crop_fraction = 0.949,
     .top1 = 82.520},
    {.name = "regnet_x_400mf",
     .file = "regnet_x_400mf-adf1edd5.pth",
     .sha256 = "adf1edd5",
     .size = 224,
     .top1 = 72.834},
    {.name = "regnet_x_800mf",
     .file = "regnet_x_800mf-ad17e45c.pth",
     .sha256 = "ad17e45c",
     .size = 224,
     .top1 = 75.212},
    {.name = "regnet_x_1_6gf",
     .file = "regnet_x_1_6gf-e3633e7f.pth",
     .sha256 = "e3633e7f",
     .size = 224,
     .top1 = 77.040},
    {.name = "regnet_x_3_2gf",
     .file = "regnet_x_3_2gf-f342aeae.pth",
     .sha256 = "f342aeae",
     .size = 224,
     .top1 = 78.364},
};
constexpr PublishedRow kTorchvisionInceptionRows[] = {
    {.name = "inception_v3",
     .file = "inception_v3_google-0cc3c7bd.pth",
     .sha256 = "0cc3c7bd",
     .size = 299,
     .crop_fraction = 0.874,
     .top1 = 77.294},
};
constexpr PublishedRow kSsdliteRows[] = {
    {.name = "ssdlite320_mobilenet_v3_large",
     .file = "ssdlite320_mobilenet_v3_large_coco-a79551df.pth",
     .sha256 = "a79551df",
     .size = 320,
     .crop_fraction = 1,
     .top1 = 21.3,
     .classes = 90},
};
// Its classes are counted with a background, which it never predicts.
constexpr PublishedRow kRetinaNetRows[] = {
    {.name = "retinanet_resnet50_fpn",
     .file = "retinanet_resnet50_fpn_coco-eeacb38b.pth",
     .sha256 = "eeacb38b",
     .size = 800,
     .crop_fraction = 1,
     .top1 = 36.4,
     .classes = 91},
};
// 224 of 232 px; EfficientNet-B1 240 of 255.
constexpr PublishedRow kTorchvisionV2Rows[] = {
    {.name = "resnet50",
     .file = "resnet50-11ad3fa6.pth",
     .sha256 = "11ad3fa6",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 80.858},
    {.name = "resnet101",
     .file = "resnet101-cd907fc2.pth",
     .sha256 = "cd907fc2",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 81.886},
    {.name = "resnet152",
     .file = "resnet152-f82ba261.pth",
     .sha256 = "f82ba261",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 82.284},
    {.name = "mobilenet_v2",
     .file = "mobilenet_v2-7ebf99e0.pth",
     .sha256 = "7ebf99e0",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 72.154},
    {.name = "mobilenet_v3_large",
     .file = "mobilenet_v3_large-5c1a4163.pth",
     .sha256 = "5c1a4163",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 75.274},
    {.name = "efficientnet_b1",
     .file = "efficientnet_b1-c27df63c.pth",
     .sha256 = "c27df63c",
     .size = 240,
     .crop_fraction = 0.941,
     .top1 = 79.838},
    {.name = "regnet_x_400mf",
     .file = "regnet_x_400mf-62229a5f.pth",
     .sha256 = "62229a5f",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 74.864},
    {.name = "regnet_x_800mf",
     .file = "regnet_x_800mf-94a99ebd.pth",
     .sha256 = "94a99ebd",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 77.522},
    {.name = "regnet_x_1_6gf",
     .file = "regnet_x_1_6gf-a12f2b72.pth",
     .sha256 = "a12f2b72",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 79.668},
    {.name = "regnet_x_3_2gf",
     .file = "regnet_x_3_2gf-7071aa85.pth",
     .sha256 = "7071aa85",
     .size = 224,
     .crop_fraction = 0.9655,
     .top1 = 81.196},
};

}  // namespace

std::vector<PretrainedSpec> published_torchvision() {
  return published_specs({{&kTorchvision, kTorchvisionRows},
                          {&kTorchvisionInception, kTorchvisionInceptionRows},
                          {&kTorchvisionV2, kTorchvisionV2Rows},
                          {&kTorchvisionSsdlite, kSsdliteRows},
                          {&kTorchvisionRetinaNet, kRetinaNetRows}});
}

}  // namespace enxerto

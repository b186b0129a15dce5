#pragma once
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "enxerto/media/image/preprocess.h"
#include "enxerto/pretrained/labels/imagenet.h"
#include "enxerto/pretrained/spec.h"

namespace enxerto {

/// What the rows of one source have in common. Texts live for the whole run: these are tables.
struct PublishedSource {
  const char* name = "";     ///< "torchvision"
  const char* naming = "";   ///< a row of `name_tables()`
  const char* licence = "";  ///< SPDX identifier
  const char* address = "";  ///< where it ends in '/', the file's name follows
  const char* folder = "";   ///< `PretrainedSpec::folder`
  std::array<float, 3> mean{}, deviation{};
  float divisor = 255;  ///< `ImagePreprocess::divisor`
  ImagePreprocess::Channels channels = ImagePreprocess::Channels::rgb;
  ImagePreprocess::Fit fit = ImagePreprocess::Fit::center_crop;
  std::span<const std::string_view> (*labels)() = imagenet_labels;  ///< the last of them are a network's classes
  const char* figure = " % top-1, ImageNet";                        ///< behind `PublishedRow::top1`
};

/// What differs between them. Where there is neither digest, the publisher gives none.
struct PublishedRow {
  const char* name = "";
  const char* file = "";
  const char* sha256 = "";        ///< 64 digits, or as many as the file's name carries
  const char* md5 = "";           ///< 32 digits, where the publisher gives no SHA-256
  const char* architecture = "";  ///< row of the zoo; "": that of the same name
  int size = 224;                 ///< px
  double crop_fraction = 0.875;
  Filter filter = Filter::bilinear;
  double top1 = 0;
  int classes = 1000;  ///< those of ImageNet; 0: a file without a classifier
};

struct PublishedRows {
  const PublishedSource* source;
  std::span<const PublishedRow> rows;
};

/// The rows written out.
std::vector<PretrainedSpec> published_specs(std::initializer_list<PublishedRows> tables);

// One function a file (published_<source>.cpp), one row each in registry.cpp.
std::vector<PretrainedSpec> published_keras();
std::vector<PretrainedSpec> published_segmenters();
std::vector<PretrainedSpec> published_tensorflow();
std::vector<PretrainedSpec> published_timm();
std::vector<PretrainedSpec> published_torchvision();
std::vector<PretrainedSpec> published_vision_transformers();

}  // namespace enxerto

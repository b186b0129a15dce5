#include "enxerto/pretrained/published.h"

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto {
namespace {

PretrainedSpec spec_of(const PublishedSource& source, const PublishedRow& row) {
  PretrainedSpec spec;
  spec.name = row.name;
  spec.architecture = *row.architecture == '\0' ? row.name : row.architecture;
  spec.source = source.name;
  spec.naming = source.naming;
  spec.preprocessor = image_preprocessor({.size = row.size,
                                          .fit = source.fit,
                                          .crop_fraction = row.crop_fraction,
                                          .filter = row.filter,
                                          .divisor = source.divisor,
                                          .mean = source.mean,
                                          .deviation = source.deviation,
                                          .channels = source.channels});
  if (row.classes > 0) {
    const auto labels = source.labels().last(to_size(row.classes));
    spec.labels.assign(labels.begin(), labels.end());
  }
  spec.outputs = row.classes;
  spec.licence = source.licence;
  spec.sha256 = row.sha256;
  spec.md5 = row.md5;
  spec.file = row.file;
  spec.folder = source.folder;
  spec.address = source.address;
  if (spec.address.ends_with('/')) spec.address += row.file;
  if (row.top1 > 0) spec.figure = fmt::format("{:.1f}{}", row.top1, source.figure);
  return spec;
}

}  // namespace

std::vector<PretrainedSpec> published_specs(std::initializer_list<PublishedRows> tables) {
  std::vector<PretrainedSpec> specs;
  for (const PublishedRows& table : tables)
    for (const PublishedRow& row : table.rows) specs.push_back(spec_of(*table.source, row));
  return specs;
}

}  // namespace enxerto

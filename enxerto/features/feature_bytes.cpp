#include <algorithm>
#include <limits>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/features/extract.h"
#include "enxerto/features/row_values.h"

namespace enxerto {
namespace {

constexpr std::size_t kSample = 16;

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<std::uint64_t>::max() : result;
}

/// Mean bytes of the records of a few examples, spread over the data; examples that cannot be read are ignored.
std::uint64_t usual_bytes(const FeatureSource& source, const Dataset& dataset, const RowValues& values) {
  std::uint64_t bytes = 0, read = 0;
  const std::size_t step = std::max<std::size_t>(dataset.size() / kSample, 1);
  for (std::size_t i = 0; i < dataset.size(); i += step) {
    const auto example = dataset.get(i);
    const std::string id = example->id();
    OwnSlots own(source.preprocessor->inputs());
    try {
      source.preprocessor->encode(fields_of(dataset, *example), {.where = id}, own);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      continue;
    }
    std::vector<Shape> shapes;
    for (const Tensor& input : own.take()) shapes.push_back(input.shape());
    bytes += record_bytes(values.layout(), source.storage, values.shapes(values.lengths(shapes)));
    ++read;
  }
  return read == 0 ? 0 : (bytes + read - 1) / read;
}

}  // namespace

RowLayout feature_layout(const FeatureSource& source) {
  return RowValues(source.prefix, source.preprocessor->inputs()).layout();
}

std::uint64_t feature_bytes(const FeatureSource& source, const Dataset& dataset, std::size_t examples,
                            std::size_t views) {
  const RowValues values(source.prefix, source.preprocessor->inputs());
  const std::uint64_t row =
      values.layout().fixed() ? record_bytes(values.layout(), source.storage) : usual_bytes(source, dataset, values);
  return product(row, product(examples, std::max<std::size_t>(views, 1)));
}

}  // namespace enxerto

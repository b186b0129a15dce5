#include "enxerto/zoo/registry.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/zoo/efficientnet_lite.h"
#include "enxerto/zoo/resnet.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMaximumSize = 8192;

template <int variant>
Blueprint lite(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return efficientnet_lite({.variant = variant, .size = options.size, .classes = options.classes});
}

template <int depth>
Blueprint residual(const Architecture& /*row*/, const ArchitectureOptions& options) {
  return resnet({.depth = depth, .size = options.size, .classes = options.classes});
}

constexpr std::array kArchitectures{
    Architecture{"efficientnet_lite0", "EfficientNet-Lite0, 4.7 M parameters, 0.4 GMAC", 224, 32, lite<0>},
    Architecture{"efficientnet_lite1", "EfficientNet-Lite1, 5.4 M parameters, 0.6 GMAC", 240, 32, lite<1>},
    Architecture{"efficientnet_lite2", "EfficientNet-Lite2, 6.1 M parameters, 0.9 GMAC", 260, 32, lite<2>},
    Architecture{"efficientnet_lite3", "EfficientNet-Lite3, 8.2 M parameters, 1.4 GMAC", 280, 32, lite<3>},
    Architecture{"efficientnet_lite4", "EfficientNet-Lite4, 13.0 M parameters, 2.6 GMAC", 300, 32, lite<4>},
    Architecture{"resnet18", "ResNet-18, 11.7 M parameters, 1.8 GMAC", 224, 32, residual<18>},
    Architecture{"resnet34", "ResNet-34, 21.8 M parameters, 3.7 GMAC", 224, 32, residual<34>},
    Architecture{"resnet50", "ResNet-50 v1.5, 25.6 M parameters, 4.1 GMAC", 224, 32, residual<50>},
    Architecture{"resnet101", "ResNet-101 v1.5, 44.5 M parameters, 7.8 GMAC", 224, 32, residual<101>},
    Architecture{"resnet152", "ResNet-152 v1.5, 60.2 M parameters, 11.5 GMAC", 224, 32, residual<152>},
};

}  // namespace

Blueprint Architecture::build(const ArchitectureOptions& options) const {
  ArchitectureOptions resolved = options;
  if (resolved.size == 0) resolved.size = default_size;
  if (resolved.size < minimum_size || resolved.size > kMaximumSize || resolved.classes < 1) {
    throw Error(ErrorKind::usage,
                {.where = std::string(name),
                 .found = fmt::format("a size of {} px and {} classes", resolved.size, resolved.classes),
                 .expected = fmt::format("{} to {} px and at least one class", minimum_size, kMaximumSize),
                 .tip = fmt::format("{} px, the default", default_size)});
  }
  return make(*this, resolved);
}

std::span<const Architecture> architectures() { return kArchitectures; }

const Architecture& find_architecture(std::string_view name) {
  const auto* row = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                 [&](const Architecture& known) { return known.name == name; });
  if (row != kArchitectures.end()) return *row;
  std::vector<std::string> names;
  for (const Architecture& known : kArchitectures) names.emplace_back(known.name);
  throw Error(ErrorKind::usage, {.where = fmt::format("backbone '{}'", name),
                                 .found = "unknown" + did_you_mean(name, names),
                                 .expected = fmt::format("{}", fmt::join(names, ", ")),
                                 .tip = ""});
}

}  // namespace enxerto

#include "enxerto/pretrained/load_from_place.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/pretrained/bundle_backbone.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/spec.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/zoo/registry.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

void refuse_other_weights(const Path& place, const LoadOptions& options) {
  if (options.weights.empty()) return;
  throw Error(ErrorKind::usage,
              {.where = "--weights " + options.weights,
               .found = fmt::format("the backbone {} brings its own weights", place.string()),
               .expected = "one of the two",
               .tip = "name the architecture to use other weights: --backbone resnet50 --weights FILE"});
}

bool is_weight_file(const Path& place) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(place, ignored);
}

/// The architecture is the one that the tensors fit.
Backbone weight_file_backbone(const Path& place, const LoadOptions& options) {
  const std::string architecture = recognise_architecture(read_weights(place).tensors);
  if (!architecture.empty()) return load_backbone(architecture, {.weights = place.string(), .size = options.size});
  throw Error(ErrorKind::weights,
              {.where = place.string(),
               .found = "its tensors fit no architecture of `enxerto models`",
               .expected = "weights of one of them, whole",
               .tip = "`enxerto inspect FILE` lists its tensors; --backbone NAME --weights FILE says "
                      "what does not fit"});
}

/// What a place can be, asked in this order.
struct Kind {
  bool (*is)(const Path& place);
  Backbone (*load)(const Path& place, const LoadOptions& options);
};
constexpr Kind kKinds[] = {
    {is_bundle, bundle_backbone},
    {is_weight_file, weight_file_backbone},
};

bool is_name(const std::string& name) {
  const auto same = [&](const auto& row) { return row.name == name; };
  return std::ranges::any_of(pretrained_models(), same) || std::ranges::any_of(architectures(), same);
}

}  // namespace

std::optional<Backbone> load_from_place(const std::string& name, const LoadOptions& options) {
  // A file that is called like a network must not change what the network's name means.
  if (is_name(name)) return std::nullopt;
  const Path place(name);
  for (const Kind& kind : kKinds) {
    if (!kind.is(place)) continue;
    refuse_other_weights(place, options);
    return kind.load(place, options);
  }
  return std::nullopt;
}

}  // namespace enxerto

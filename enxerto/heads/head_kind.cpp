#include "enxerto/heads/head_kind.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "enxerto/base/setting.h"
#include "enxerto/heads/deeplab.h"
#include "enxerto/heads/fcn.h"
#include "enxerto/heads/lraspp.h"
#include "enxerto/heads/retina.h"
#include "enxerto/heads/ssdlite.h"

namespace enxerto {
namespace {

constexpr std::array kHeadKinds{
    HeadKind{"pooled", pooled_network},
    HeadKind{.name = "ssdlite", .network = ssdlite_network, .takes_maps = true, .found = ssdlite_in},
    HeadKind{.name = "retina", .network = retina_network, .takes_maps = true, .finest = 8, .found = retina_in},
    HeadKind{.name = "lraspp", .network = lraspp_network, .takes_maps = true, .finest = 8, .found = lraspp_in},
    HeadKind{.name = "fcn", .network = fcn_network, .takes_maps = true, .takes_one = true, .found = fcn_in},
    HeadKind{.name = "deeplab", .network = deeplab_network, .takes_maps = true, .takes_one = true, .found = deeplab_in},
};

}  // namespace

std::span<const HeadKind> head_kinds() { return kHeadKinds; }

const HeadKind& head_kind(std::string_view name) {
  const auto* const row = std::ranges::find(kHeadKinds, name, &HeadKind::name);
  if (row != kHeadKinds.end()) return *row;
  std::vector<std::string> names;
  for (const HeadKind& kind : kHeadKinds) names.emplace_back(kind.name);
  refuse_word("head: kind", name, names);
}

std::optional<HeadSpec> head_in(const StateDict& parameters) {
  for (const HeadKind& kind : kHeadKinds)
    if (kind.found != nullptr)
      if (auto spec = kind.found(parameters)) return spec;
  return std::nullopt;
}

Blueprint head_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes) {
  return head_kind(spec.kind).network(spec, features, classes);
}

}  // namespace enxerto

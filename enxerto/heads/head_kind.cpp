#include "enxerto/heads/head_kind.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "enxerto/base/setting.h"
#include "enxerto/heads/lraspp.h"
#include "enxerto/heads/retina.h"
#include "enxerto/heads/ssdlite.h"

namespace enxerto {
namespace {

constexpr std::array kHeadKinds{
    HeadKind{"pooled", pooled_network},
    HeadKind{"ssdlite", ssdlite_network, true, 16, ssdlite_in},
    HeadKind{"retina", retina_network, true, 8, retina_in},
    HeadKind{"lraspp", lraspp_network, true, 8},
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

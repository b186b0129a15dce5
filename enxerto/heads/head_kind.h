#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "enxerto/base/state_dict.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// A family of heads. A new one is a file and a row.
struct HeadKind {
  std::string_view name;  ///< "pooled"
  /// See `head_network`.
  Blueprint (*network)(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);
  bool takes_maps = false;   ///< of several stages (`HeadSpec::features`), not the last value alone
  bool takes_one = false;    ///< the largest of those maps alone
  std::int64_t finest = 16;  ///< the input's size over that of the largest map that it takes where nothing is asked for
  /// The head of this kind that a network with these parameters has; null: they are not looked for.
  std::optional<HeadSpec> (*found)(const StateDict& parameters) = nullptr;
};

/// pooled: pooling and dense layers. ssdlite, retina: objects and their boxes (heads/ssdlite.h, heads/retina.h).
/// lraspp, fcn, deeplab: a class for each pixel (heads/lraspp.h, heads/fcn.h, heads/deeplab.h).
std::span<const HeadKind> head_kinds();

/// The row of that name. Throws Error{usage} with the nearest name where there is none.
const HeadKind& head_kind(std::string_view name);

/// The head that a network has, where it is of a kind that is found by its parameters.
std::optional<HeadSpec> head_in(const StateDict& parameters);

/// The kind "pooled".
Blueprint pooled_network(const HeadSpec& spec, const HeadFeatures& features, std::int64_t classes);

}  // namespace enxerto

#pragma once
#include <span>
#include <string_view>

#include "enxerto/media/field_facts.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A row of the table of front ends: what stands before a network of one medium so that it takes examples of another.
struct FrontEnd {
  Medium of;             ///< what the examples are
  Medium reads;          ///< what the network was made for
  std::string_view how;  ///< "drawn as log-mel pictures", as messages say it of the examples
  /// The preprocessing of the data at hand, as a record, by what some of the examples are like.
  Json (*settings)(std::span<const FieldFacts> some);
  /// The network behind the front end; its preprocessor is that of `record`. Throws Error{data} naming `where` for a
  /// record that is none of this front end.
  Backbone (*before)(const Backbone& network, const Json& record, std::string_view where);
};

/// The row that lets a network made for `reads` take examples of the medium `of`; none where there is no such.
const FrontEnd* front_end(Medium of, Medium reads);

}  // namespace enxerto

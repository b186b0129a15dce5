#pragma once
#include "enxerto/base/state_dict.h"

namespace enxerto {

/// The tensors of transformers' MarianMT under the names of the zoo; tables that are there twice, and positions, which
/// are computed, are left out.
StateDict from_marian_mt(const StateDict& weights, bool one_table, bool own_output);

/// Those of Marian's own files, whose matrices are (in, out). A name that is not known is kept, to be reported.
StateDict from_own_marian(const StateDict& weights);

}  // namespace enxerto

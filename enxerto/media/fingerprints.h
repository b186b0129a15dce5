#pragma once
#include <span>
#include <vector>

#include "enxerto/base/input_spec.h"
#include "enxerto/base/tensor.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// What stays of an example that is saved again, a vector of length one; empty where nothing tells it from another.
using Fingerprint = std::vector<float>;

/// The fingerprints of an example: its own, then those of the forms in which it may have been saved again (mirrored).
struct Fingerprints {
  Fingerprint own = {};
  std::vector<Fingerprint> forms = {};
};

/// Whether there are some of examples of these fields, as a network with these inputs sees them.
bool have_fingerprints(std::span<const Medium> fields, std::span<const InputSpec> inputs);

/// Of an example of `medium` whose only input, of such a shape, is `seen`.
Fingerprints fingerprints(Medium medium, const InputSpec& input, const Tensor& seen);

/// The correlation of two of them: 1 of the same example, about 0 of any two; 0 where one is empty.
double alikeness(const Fingerprint& one, const Fingerprint& other);

}  // namespace enxerto

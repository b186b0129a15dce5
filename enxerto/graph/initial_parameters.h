#pragma once
#include <cstdint>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

struct InitialOptions {
  std::uint64_t seed = 0;
  /// "he": convolutions normal with the variance 2 / fan_out (He et al. 2015, arXiv:1502.01852, as torchvision; fan_out
  /// of a group where there are groups), dense layers uniform to 1 / sqrt(fan_in). "glorot": all of them uniform to
  /// sqrt(6 / (fan_in + fan_out)) (Glorot, Bengio 2010), which is Keras's.
  std::string scheme = "he";
};

/// Random weights to start from, for every parameter of the blueprint, by the slot that it fills. With either scheme:
/// biases 0, norms and scales 1 with shift 0, running mean 0 and variance 1, embeddings normal with the deviation 0.02,
/// none beyond two of them, slopes of PRelu 0.25. A parameter that says itself what it begins with
/// (`ParameterSpec::start`) begins so.
///
/// The numbers of a parameter depend on (seed, its name) and its shape alone: another layer changes none of them. They
/// are the same on every processor; from C's library only sqrt and log are used, in float64, whose last bit is lost
/// when a float32 is made of it. Throws Error{usage} for an unknown scheme and Error{weights} naming a parameter that
/// is not a floating-point one or is never trained.
StateDict initial_parameters(const Blueprint& blueprint, const InitialOptions& options = {});

}  // namespace enxerto

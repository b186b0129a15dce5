#pragma once
#include "enxerto/base/state_dict.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// The parameters of a head without hidden layers that give the layer's own scores: "head.weight" and "head.bias",
/// shared (linear probing, then fine-tuning: Kumar et al. 2022, arXiv:2202.10054).
StateDict linear_head_parameters(const LinearClassifier& layer);

/// A classifier of two classes as one unit of the output `sigmoid`: the second class less the first, which gives the
/// same probabilities. Throws Error{usage} unless the classifier has two classes.
LinearClassifier one_unit(const LinearClassifier& classifier);

}  // namespace enxerto

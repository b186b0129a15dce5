#pragma once
#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// True for names as Keras's files have them, "<layer>/<variable>" (weights/keras/keras_file.h).
bool recognises_keras(const StateDict& weights);

/// Keras's layers under the names of the blueprint, kernels in the blueprint's layout; what belongs to no layer of the
/// network keeps its name, to be reported. Where a file does not fit, only the shapes of what is given back are
/// meaningful.
StateDict translate_keras(const StateDict& weights, const Blueprint& blueprint);

/// The way back: the weights of a network that Keras has, or of a part of it, under the names, in the order and in the
/// layout of a file of keras.applications; layers without a name are numbered as they are made ("conv2d_1"). What is no
/// parameter of the blueprint is left out. Throws Error{weights} for a network that Keras does not have.
StateDict keras_state_dict(const StateDict& ours, const Blueprint& blueprint);

}  // namespace enxerto

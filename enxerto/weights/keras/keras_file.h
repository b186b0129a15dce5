#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "enxerto/weights/file_source.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {

// What the tensors of a Keras file are called. The same network gives the same names from a legacy `.h5` (weights only
// or a whole model, Keras 1, 2 and 3), from `.weights.h5` and from `.keras`, wherever the file carries what is needed:
//
//   <layer>/<variable>                  conv1_conv/kernel, bn_conv1/gamma, bn_conv1/moving_mean, predictions/bias
//   <outer>/<layer>/<variable>          a model that is a layer of another, or a layer inside of a layer:
//                                       resnet50/conv1_conv/kernel, bidirectional/forward_lstm/lstm_cell/kernel
//
// Shapes and values are those of Keras (HWIO kernels, (in, out) dense kernels). Variables: kernel, bias of convolutions
// and dense layers; depthwise_kernel, bias of DepthwiseConv2D (Keras 3 calls it `kernel`; it is renamed where the class
// is known: always but in a weights-only .h5 that Keras 3 wrote); depthwise_kernel, pointwise_kernel, bias of
// SeparableConv2D; gamma, beta, moving_mean, moving_variance of BatchNormalization (gamma or beta missing with
// scale=False or center=False); gamma, beta of LayerNormalization and GroupNormalization; gamma of LayerScale; mean,
// variance, count of Normalization; embeddings; alpha of PReLU; kernel, recurrent_kernel, bias of recurrent cells.
// There is no ":0" at the end; no name of a model at the beginning but that of a nested one; Keras 1's and the
// published VGG files' `block1_conv1_W_1`, `.._b_1`, `running_mean`, `running_std` become kernel, bias, moving_mean,
// moving_variance. A layer's own name may hold slashes: DenseNet's published file has `conv1/conv/kernel`.
//
// A layer's name is the one that the file stores. A `.weights.h5` of an early Keras 3 stores none: there it is the
// class in snake case with its number among the layers of that class, `conv2d`, `conv2d_1`, `batch_normalization_3`, in
// the order of `model.layers`. A `.keras` takes the names from config.json. Where the variables of a class are not
// known (custom or quantised layers) their numbers stay: `my_layer/0`.
//
// Order: a legacy `.h5` and a `.keras` give the layers in the order of `model.layers`. A `.weights.h5` does not store
// that order; its layers come class by class (all batch_normalization, all conv2d, ..), each class in the order of
// `model.layers`. In a layer: kernel before bias; gamma, beta, moving_mean, moving_variance.

/// Whether these are the first bytes of an HDF5 file.
bool looks_like_hdf5(std::span<const std::byte> bytes);

/// Whether this is a zip archive that holds Keras's model.weights.h5.
bool looks_like_keras_archive(std::span<const std::byte> bytes);

/// Reads a legacy `.h5` (format "Keras HDF5") or a Keras 3 `.weights.h5` (format "Keras 3 weights"). The HDF5 library
/// runs in the program enxerto-hdf5, so that a hostile file harms nothing. Optimizer variables are left out, with a
/// note. `metadata` has keras_version and model_config where the file has them. Throws Error{weights}.
WeightFile read_keras_hdf5(const FileSource& source);

/// Reads a `.keras` archive (format "Keras archive"): config.json, metadata.json, model.weights.h5. Throws
/// Error{weights}.
WeightFile read_keras_archive(const FileSource& source);

}  // namespace enxerto

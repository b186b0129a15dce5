#include <algorithm>

#include "enxerto/weights/hdf5/read_hdf5.h"
#include "enxerto/weights/keras/keras3_file.h"
#include "enxerto/weights/keras/keras_file.h"
#include "enxerto/weights/keras/legacy_file.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {

bool looks_like_hdf5(std::span<const std::byte> bytes) {
  constexpr std::string_view kMagic = "\x89HDF\r\n\x1a\n";
  const auto magic = std::as_bytes(std::span(kMagic));
  return bytes.size() >= magic.size() && std::ranges::equal(bytes.first(magic.size()), magic);
}

WeightFile read_keras_hdf5(const FileSource& source) {
  const Hdf5Group root = read_hdf5(source, {.bytes = source.bytes, .owner = source.owner});
  if (is_legacy_file(root)) return read_legacy_file(root, source.where);
  if (is_keras3_file(root)) return read_keras3_file(root, nullptr, source.where);
  throw_weights_error(source.where, {.found = "is an HDF5 file without Keras's attribute layer_names and without its "
                                              "groups of variables",
                                     .expected = "weights or a model that Keras saved",
                                     .tip = "save it with model.save or model.save_weights of Keras"});
}

}  // namespace enxerto

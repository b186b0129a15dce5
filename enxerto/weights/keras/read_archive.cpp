#include <string>

#include "enxerto/base/to_size.h"
#include "enxerto/files/json.h"
#include "enxerto/weights/hdf5/read_hdf5.h"
#include "enxerto/weights/keras/keras3_file.h"
#include "enxerto/weights/keras/keras_file.h"
#include "enxerto/weights/weight_error.h"
#include "enxerto/weights/zip/zip_archive.h"

namespace enxerto {
namespace {

constexpr std::string_view kWeights = "model.weights.h5", kConfig = "config.json", kMetadata = "metadata.json";
constexpr std::string_view kZipMagic = "PK\x03\x04";

std::string text_of(ZipArchive& archive, std::string_view name, std::string_view where) {
  constexpr std::uint64_t kLongest = std::uint64_t{64} << 20;
  const ZipEntry* const entry = archive.find(name);
  if (entry == nullptr) return {};
  if (entry->size > kLongest) {
    throw_weights_error(where, {.found = shown(name) + " in it is " + std::to_string(entry->size) + " bytes long",
                                .expected = "a model's configuration of at most 64 MB"});
  }
  const auto bytes = archive.read(*entry);
  return {reinterpret_cast<const char*>(bytes.get()), to_size(entry->size)};
}

std::string keras_version(const std::string& metadata) {
  try {
    return member<std::string>(parse_json(metadata, kMetadata), "keras_version", kMetadata);
  } catch (const Error&) {
    return {};
  }
}

void add_text(Metadata& to, const std::string& key, std::string text) {
  if (!text.empty()) to.emplace(key, std::move(text));
}

}  // namespace

bool looks_like_keras_archive(std::span<const std::byte> bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!all.starts_with(kZipMagic)) return false;
  try {
    return ZipArchive(bytes, nullptr, "").find(kWeights) != nullptr;
  } catch (const Error&) {
    return false;  // whoever reads other zip archives says what is wrong with this one
  }
}

WeightFile read_keras_archive(const FileSource& source) {
  ZipArchive archive(source.bytes, source.owner, source.where);
  const ZipEntry* const weights = archive.find(kWeights);
  if (weights == nullptr)
    throw_weights_error(source.where, {.found = "has no model.weights.h5", .expected = "a .keras archive"});
  const auto bytes = archive.read(*weights);
  const SharedBytes image{.bytes = {bytes.get(), to_size(weights->size)}, .owner = bytes};
  if (!looks_like_hdf5(image.bytes)) {
    throw_weights_error(source.where,
                        {.found = "its model.weights.h5 is not an HDF5 file", .expected = "one, as Keras writes it"});
  }
  const Hdf5Group root = read_hdf5(source, image);
  const std::string config = text_of(archive, kConfig, source.where);
  const auto model = parse_model_config(config);
  WeightFile file = read_keras3_file(root, model ? &*model : nullptr, source.where);
  file.format = "Keras archive";
  if (!model) file.notes.emplace_back("config.json is not a model configuration: layers are named without it");
  add_text(file.metadata, "model_config", config);
  add_text(file.metadata, "keras_version", keras_version(text_of(archive, kMetadata, source.where)));
  return file;
}

}  // namespace enxerto

#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "enxerto/files/json.h"

namespace enxerto::testing {

/// That of tools/golden/faces.js: what its made-up networks say.
inline Json golden_of_faces() { return read_json(ENXERTO_TEST_DATA "/pretrained/faces.json", std::size_t{1} << 20); }

inline std::filesystem::path face_manifest(const std::filesystem::path& folder, const std::string& name) {
  return folder / (name + "_model-weights_manifest.json");
}

/// The upper eight bits of a hash of its place.
inline char made_weight(std::uint32_t i) {
  std::uint32_t x = (i + 1) * 0x9E3779B1U;
  x = (x ^ (x >> 15U)) * 0x85EBCA6BU;
  return static_cast<char>((x ^ (x >> 13U)) >> 24U);
}

/// The golden's networks as face-api's package has them: a manifest and its bytes each.
inline void write_face_networks(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const Json golden = golden_of_faces();
  for (const auto& item : golden.items()) {
    const Json& weights = item.value()["weights"];
    std::uint32_t count = 0;
    for (const Json& weight : weights) {
      std::uint32_t size = 1;
      for (const Json& dim : weight["shape"]) size *= dim.get<std::uint32_t>();
      count += size;
    }
    std::string bytes(count, '\0');
    for (std::uint32_t i = 0; i < count; ++i) bytes[i] = made_weight(i);
    const std::string file = item.key() + "_model.bin";
    std::ofstream(folder / file, std::ios::binary) << bytes;
    std::ofstream(face_manifest(folder, item.key())) << Json::array({{{"paths", {file}}, {"weights", weights}}});
  }
}

}  // namespace enxerto::testing

#pragma once
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "enxerto/files/json.h"

namespace enxerto::testing {

/// The float64 tensors of a safetensors file of ours, flattened, by name. A layer above has the reader for all files.
inline std::map<std::string, std::vector<double>> golden_tensors(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  const std::string_view data = std::string_view(bytes).substr(sizeof length + length);
  std::map<std::string, std::vector<double>> tensors;
  const Json header = parse_json(std::string_view(bytes).substr(sizeof length, length), path);
  for (const auto& [name, entry] : header.items()) {
    const auto begin = entry["data_offsets"][0].get<std::size_t>(), end = entry["data_offsets"][1].get<std::size_t>();
    std::vector<double> values((end - begin) / sizeof(double));
    std::memcpy(values.data(), data.data() + begin, end - begin);
    tensors[name] = std::move(values);
  }
  return tensors;
}

}  // namespace enxerto::testing

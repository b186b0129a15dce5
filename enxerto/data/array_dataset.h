#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// Records of equal size one after another in mapped memory: example i's samples are at `samples` + i * `stride`.
struct ArrayBlock {
  std::string name;  ///< ids are "name:i"
  std::shared_ptr<const std::byte> samples;
  std::size_t stride = 0;
  std::vector<std::uint8_t> labels;  ///< one an example
};

/// The blocks one after another as a Dataset of raw samples. Throws Error{data} where a label is no class.
DatasetPtr array_dataset(std::vector<ArrayBlock> blocks, const RawPixels& layout, std::vector<std::string> classes);

}  // namespace enxerto

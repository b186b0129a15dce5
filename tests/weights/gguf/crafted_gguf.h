#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/weights/crafted.h"

namespace enxerto::crafted {

/// A GGUF file byte by byte, so that it can be wrong on purpose.
struct GgufFile {
  struct Stored {
    std::string name;
    std::vector<std::uint64_t> sizes;  ///< the innermost first
    std::uint32_t type = 0;            ///< 0: F32
    std::string data;
    std::optional<std::uint64_t> offset = {};  ///< where it is not the next one
  };

  std::uint32_t version = 3;
  std::vector<std::string> values;
  std::vector<Stored> tensors;
  std::optional<std::uint64_t> tensor_count = {}, value_count = {};

  static std::string string(const std::string& text) { return number<std::uint64_t>(text.size()) + text; }

  /// `stored` is the value's bytes.
  void set(const std::string& key, std::uint32_t type, const std::string& stored) {
    values.push_back(string(key) + number(type) + stored);
  }
  void set(const std::string& key, const char* text) { set(key, 8, string(text)); }
  void set(const std::string& key, std::uint32_t value) { set(key, 4, number(value)); }
  void set(const std::string& key, float value) { set(key, 6, number(value)); }
  void set(const std::string& key, bool value) { set(key, 7, std::string(1, value ? '\1' : '\0')); }
  void set(const std::string& key, const std::vector<std::string>& texts) {
    std::string stored = number<std::uint32_t>(8) + number<std::uint64_t>(texts.size());
    for (const std::string& text : texts) stored += string(text);
    set(key, 9, stored);
  }
  void set(const std::string& key, const std::vector<std::int32_t>& numbers) {
    std::string stored = number<std::uint32_t>(5) + number<std::uint64_t>(numbers.size());
    for (const std::int32_t one : numbers) stored += number(one);
    set(key, 9, stored);
  }

  std::string bytes() const {
    std::string file = "GGUF" + number(version) + number<std::uint64_t>(tensor_count.value_or(tensors.size())) +
                       number<std::uint64_t>(value_count.value_or(values.size()));
    for (const std::string& value : values) file += value;
    std::string data;
    for (const Stored& tensor : tensors) {
      file += string(tensor.name) + number(static_cast<std::uint32_t>(tensor.sizes.size()));
      for (const std::uint64_t size : tensor.sizes) file += number(size);
      file += number(tensor.type) + number<std::uint64_t>(tensor.offset.value_or(data.size()));
      data += tensor.data;
      data.resize((data.size() + 31) / 32 * 32, '\0');
    }
    file.resize((file.size() + 31) / 32 * 32, '\0');
    return file + data;
  }
};

}  // namespace enxerto::crafted

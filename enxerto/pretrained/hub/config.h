#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// What to try where the zoo has no such network.
inline constexpr const char* kOnnxTip = "export it as ONNX and name that file: backbone.name = X.onnx";

/// A JSON object out of a repository of weights, and where errors say it lies. A key that is null counts as missing,
/// as it does for the Python classes that write these files.
class HubConfig {
 public:
  /// Throws Error{weights} where the file is not there or is not a JSON object.
  explicit HubConfig(const std::filesystem::path& file);
  HubConfig(Json object, std::string where);

  /// nullptr where the key is missing.
  const Json* find(std::string_view key) const;

  /// The value, or `fallback` where it is missing. Throw Error{weights} for one of another type.
  std::string text(std::string_view key, std::string_view fallback) const;
  double number(std::string_view key, double fallback) const;
  std::int64_t integer(std::string_view key, std::int64_t fallback) const;
  bool flag(std::string_view key, bool fallback) const;
  std::vector<double> numbers(std::string_view key, std::vector<double> fallback) const;
  std::vector<std::string> texts(std::string_view key) const;

  /// The object under `key`; empty where it is missing.
  HubConfig inside(std::string_view key) const;

  const Json& object() const { return object_; }
  const std::string& where() const { return where_; }

  /// Throws Error{weights}: `found` is the rest of a sentence about the file.
  [[noreturn]] void fail(std::string found, std::string expected, std::string tip = {}) const;

 private:
  [[noreturn]] void fail_type(std::string_view key, const Json& value, std::string_view type) const;

  Json object_;
  std::string where_;
};

/// What `make` makes of it. Throws Error{weights} naming its file for a size that no network has.
template <typename Make>
auto built_by(const HubConfig& config, Make make) {
  try {
    return make();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    config.fail("describes a network of " + error.text().found, error.text().expected);
  }
}

/// The file's, or one without a key where it is not there.
HubConfig optional_config(const std::filesystem::path& file);

}  // namespace enxerto

#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace enxerto::bundle_layout {

/// One file of a bundle and the most bytes that a reader will take into memory for it; 0 for files that are mapped.
struct File {
  std::string_view name;
  std::size_t limit;
};

/// What MANIFEST.json says it belongs to.
inline constexpr std::string_view kFormat = "enxerto bundle";

inline constexpr std::string_view kManifest = "MANIFEST.json";
inline constexpr std::string_view kWeights = "model.safetensors";
inline constexpr std::string_view kGraph = "graph.json";
inline constexpr std::string_view kRecipe = "recipe.toml";
inline constexpr std::string_view kPreprocess = "preprocess.json";
inline constexpr std::string_view kLabels = "labels.json";
inline constexpr std::string_view kHistory = "history.json";
inline constexpr std::string_view kPrecision = "precision.json";
inline constexpr std::string_view kReport = "report.html";
inline constexpr std::string_view kReadme = "README.md";
inline constexpr std::string_view kGolden = "golden.safetensors";

/// Every file that a bundle has beside its manifest, in the order in which they are written.
inline constexpr std::array<File, 10> kFiles{{{kWeights, 0},
                                              {kGraph, std::size_t{256} << 20},
                                              {kRecipe, std::size_t{1} << 20},
                                              {kPreprocess, std::size_t{1} << 20},
                                              {kLabels, std::size_t{64} << 20},
                                              {kHistory, std::size_t{256} << 20},
                                              {kPrecision, std::size_t{1} << 20},
                                              {kReport, std::size_t{256} << 20},
                                              {kReadme, std::size_t{16} << 20},
                                              {kGolden, 0}}};

/// The most bytes of one of the files; 0 for those that are mapped.
constexpr std::size_t limit_of(std::string_view name) {
  for (const File& file : kFiles) {
    if (file.name == name) return file.limit;
  }
  return 0;
}

}  // namespace enxerto::bundle_layout

#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

namespace enxerto::bundle_layout {

/// What a file is for, and so who minds that it changed.
enum class Role : std::uint8_t {
  computes,  ///< what is predicted depends on it: held by its hash whenever the model is loaded
  proves,    ///< what `verify` and `evaluate` compare with: `verify` fails where it changed, nothing else does
  tells,     ///< for people, who may edit it: `verify` names it as changed
};

/// Of what is written today; readers know all from 1 on.
inline constexpr int kSchema = 3;

/// One file of a bundle and the most bytes that a reader will take into memory for it; 0 for files that are mapped.
struct File {
  std::string_view name;
  Role role;
  std::size_t limit;
  int first_schema = 1, last_schema = kSchema;  ///< the bundles that have it
  bool optional = false;                        ///< where there is nothing to say there is no such file

  constexpr bool is_in(int schema) const { return first_schema <= schema && schema <= last_schema; }
};

/// What MANIFEST.json says it belongs to.
inline constexpr std::string_view kFormat = "enxerto bundle";

inline constexpr std::string_view kManifest = "MANIFEST.json";
inline constexpr std::string_view kWeights = "model.safetensors";
inline constexpr std::string_view kGraph = "graph.json";
inline constexpr std::string_view kRecipe = "recipe.toml";
inline constexpr std::string_view kPreprocess = "preprocess.json";
inline constexpr std::string_view kTask = "task.json";
inline constexpr std::string_view kLabels = "labels.json";  ///< task and names before there was task.json
inline constexpr std::string_view kHistory = "history.json";
inline constexpr std::string_view kPrecision = "precision.json";
inline constexpr std::string_view kReport = "report.html";
inline constexpr std::string_view kReadme = "README.md";
inline constexpr std::string_view kGolden = "golden.safetensors";
inline constexpr std::string_view kLearnedFrom = "learned_from.safetensors";
inline constexpr std::string_view kContents = "contents";       ///< the tensor in it
inline constexpr std::string_view kNetworks = "networks.json";  ///< that the preprocessor looks with, and their weights
inline constexpr std::string_view kNetworkWeights = "networks.safetensors";

/// Every file that a bundle of any schema has beside its manifest, in the order in which they are written.
inline constexpr std::array<File, 14> kFiles{{{kWeights, Role::computes, 0},
                                              {kGraph, Role::computes, std::size_t{256} << 20},
                                              {kPreprocess, Role::computes, std::size_t{256} << 20},
                                              {kTask, Role::computes, std::size_t{64} << 20, 3},
                                              {kLabels, Role::computes, std::size_t{64} << 20, 1, 2},
                                              {kPrecision, Role::computes, std::size_t{1} << 20},
                                              {kNetworks, Role::computes, std::size_t{256} << 20, 3, kSchema, true},
                                              {kNetworkWeights, Role::computes, 0, 3, kSchema, true},
                                              {kGolden, Role::proves, 0},
                                              {kLearnedFrom, Role::proves, 0, 3},
                                              {kRecipe, Role::tells, std::size_t{1} << 20},
                                              {kHistory, Role::tells, std::size_t{256} << 20},
                                              {kReport, Role::tells, std::size_t{256} << 20},
                                              {kReadme, Role::tells, std::size_t{16} << 20}}};

/// The files of a bundle of one schema.
inline std::vector<File> files_of(int schema) {
  std::vector<File> files;
  std::copy_if(kFiles.begin(), kFiles.end(), std::back_inserter(files),
               [&](const File& file) { return file.is_in(schema); });
  return files;
}

/// The file of that name; null where no bundle has one.
constexpr const File* file_named(std::string_view name) {
  for (const File& file : kFiles) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

}  // namespace enxerto::bundle_layout

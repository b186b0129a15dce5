#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/bundle/layout.h"
#include "enxerto/files/json.h"

namespace enxerto {

/// One row of a bundle's MANIFEST.json.
struct ManifestEntry {
  std::string name;  ///< of a regular file directly in the bundle
  std::uint64_t size = 0;
  std::string sha256;  ///< 64 lower-case digits
};

struct Manifest {
  int schema = bundle_layout::kSchema;  ///< 2 and before: labels.json; 1: goldens without the values' names
  std::string enxerto_version;          ///< that wrote the bundle
  std::vector<ManifestEntry> files;
};

Json to_json(const Manifest& manifest);

/// Reads MANIFEST.json of the bundle at `directory`. Throws Error{weights} where it is missing, truncated, of another
/// schema version, lists a file twice, one with a name that leads out of the bundle or is none of a bundle's, or leaves
/// one out.
Manifest read_manifest(const std::filesystem::path& directory);

/// Size and hash of the file `name` in `directory`. Throws Error{weights} where it cannot be read.
ManifestEntry describe_file(const std::filesystem::path& directory, const std::string& name);

/// What is wrong with the file of `entry`, in words; empty where size and hash are as written.
std::string difference(const std::filesystem::path& directory, const ManifestEntry& entry);

/// Names in `directory` that the manifest does not list, sorted; MANIFEST.json itself is not one of them.
std::vector<std::string> unlisted_files(const std::filesystem::path& directory, const Manifest& manifest);

}  // namespace enxerto

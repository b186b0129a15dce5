#include "enxerto/bundle/manifest.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "enxerto/base/hash.h"
#include "enxerto/base/version.h"
#include "enxerto/files/read.h"

namespace enxerto {

namespace fs = std::filesystem;

namespace {

using bundle_layout::kSchema;
constexpr int kOldestSchema = 1;
constexpr std::size_t kManifestLimit = std::size_t{1} << 20;

[[noreturn]] void refuse_manifest(const std::string& where, std::string found, std::string expected) {
  throw weights_error(where, std::move(found), std::move(expected), "copy the whole model again, or train it again");
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find_first_of("/\\") == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

bool belongs(std::string_view name, int schema) {
  const bundle_layout::File* file = bundle_layout::file_named(name);
  return file != nullptr && file->is_in(schema);
}

ManifestEntry read_entry(const Json& row, int schema, const std::string& where) {
  ManifestEntry entry;
  entry.name = member<std::string>(row, "name", where, ErrorKind::weights);
  if (!is_plain_name(entry.name)) {
    refuse_manifest(where, "it lists '" + entry.name + "'", "names of files in the bundle itself");
  }
  if (!belongs(entry.name, schema)) {
    refuse_manifest(where, "it lists '" + entry.name + "', which is not a file of a bundle", "the files of a bundle");
  }
  const auto size = row.find("size");
  if (size == row.end() || !size->is_number_unsigned()) {
    refuse_manifest(where, "'size' of '" + entry.name + "' is missing or not a number", "bytes");
  }
  entry.size = size->get<std::uint64_t>();
  entry.sha256 = member<std::string>(row, "sha256", where, ErrorKind::weights);
  if (!is_digest(entry.sha256))
    refuse_manifest(where, "'sha256' of '" + entry.name + "' is not a hash", "64 hexadecimal digits");
  return entry;
}

void check_complete(const Manifest& manifest, const std::string& where) {
  std::set<std::string_view> seen;
  for (const ManifestEntry& entry : manifest.files) {
    if (!seen.insert(entry.name).second)
      refuse_manifest(where, "it lists '" + entry.name + "' twice", "each file once");
  }
  for (const bundle_layout::File& file : bundle_layout::files_of(manifest.schema)) {
    if (!file.optional && !seen.contains(file.name))
      refuse_manifest(where, "it does not list '" + std::string(file.name) + "'", "every file");
  }
}

}  // namespace

Json to_json(const Manifest& manifest) {
  Json files = Json::array();
  for (const ManifestEntry& entry : manifest.files) {
    files.push_back({{"name", entry.name}, {"size", entry.size}, {"sha256", entry.sha256}});
  }
  return {{"format", bundle_layout::kFormat},
          {"schema_version", kSchema},
          {"enxerto_version", manifest.enxerto_version},
          {"files", std::move(files)}};
}

Manifest read_manifest(const fs::path& directory) {
  const fs::path path = directory / bundle_layout::kManifest;
  const std::string where = path.string();
  const Json json = read_json(path, kManifestLimit, ErrorKind::weights);
  if (!json.is_object() || json.value("format", Json()) != Json(bundle_layout::kFormat)) {
    refuse_manifest(where, "it is not the manifest of a model", "a model that `enxerto train` saved");
  }
  const auto version = json.find("schema_version");
  const bool known =
      version != json.end() && version->is_number_integer() && *version >= kOldestSchema && *version <= kSchema;
  if (!known) {
    throw weights_error(where, "schema version " + (version == json.end() ? "none" : version->dump()),
                        fmt::format("{} to {}", kOldestSchema, kSchema),
                        "use the version of enxerto that saved the model");
  }
  Manifest manifest;
  manifest.schema = version->get<int>();
  manifest.enxerto_version = member<std::string>(json, "enxerto_version", where, ErrorKind::weights);
  const Json files = member<Json>(json, "files", where, ErrorKind::weights);
  if (!files.is_array()) refuse_manifest(where, "'files' is not a list", "every file of the bundle");
  for (const Json& row : files) manifest.files.push_back(read_entry(row, manifest.schema, where));
  check_complete(manifest, where);
  return manifest;
}

ManifestEntry describe_file(const fs::path& directory, const std::string& name) {
  const MappedFile file(directory / name, ErrorKind::weights);
  return {.name = name, .size = file.bytes().size(), .sha256 = sha256(file.bytes())};
}

std::string difference(const fs::path& directory, const ManifestEntry& entry) {
  std::error_code failed;
  if (!fs::exists(directory / entry.name, failed)) return "it is missing";
  const ManifestEntry now = describe_file(directory, entry.name);
  if (now.size != entry.size) {
    return "it has " + std::to_string(now.size) + " bytes instead of " + std::to_string(entry.size);
  }
  if (now.sha256 != entry.sha256) return "its content has changed since the model was saved (SHA-256 differs)";
  return "";
}

std::vector<std::string> unlisted_files(const fs::path& directory, const Manifest& manifest) {
  std::set<std::string> listed{std::string(bundle_layout::kManifest)};
  for (const ManifestEntry& entry : manifest.files) listed.insert(entry.name);
  std::vector<std::string> unlisted;
  std::error_code failed;
  for (fs::directory_iterator file(directory, failed), end; !failed && file != end; file.increment(failed)) {
    if (std::string name = file->path().filename().string(); !listed.contains(name)) {
      unlisted.push_back(std::move(name));
    }
  }
  std::sort(unlisted.begin(), unlisted.end());
  return unlisted;
}

}  // namespace enxerto

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/version.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/consistency.h"
#include "enxerto/bundle/graph_json.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/bundle/manifest.h"
#include "enxerto/files/atomic_write.h"
#include "enxerto/files/is_file.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {

namespace fs = std::filesystem;

namespace {

bool is_free(const fs::path& path) {
  std::error_code failed;
  const fs::file_status status = fs::symlink_status(path, failed);
  return status.type() == fs::file_type::not_found || (fs::is_directory(status) && fs::is_empty(path, failed));
}

void check_target(const fs::path& path, bool replace) {
  if (is_free(path)) return;
  if (replace && is_bundle(path)) return require_nothing_foreign(path);
  const bool model = is_bundle(path);
  throw usage_error(path.string(), model ? "a model already exists" : "something other than a model already exists",
                    model ? "a new path, or permission to replace the model" : "a new path",
                    "choose another path for the model");
}

/// Bytes that are no UTF-8, as a folder's name may have, become U+FFFD: JSON cannot hold them.
std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string text_of_graph(const Graph& graph, const std::string& where) {
  try {
    return graph_to_json(graph).dump(1) + "\n";
  } catch (const nlohmann::json::exception&) {
    throw weights_error(where, "a name in the network is not UTF-8", "names that a JSON file can hold");
  }
}

/// Each hash once, in order.
Tensor sorted(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return Tensor::of<std::uint64_t>({static_cast<std::int64_t>(hashes.size())}, hashes);
}

void write_texts(const Bundle& bundle, const fs::path& directory, const std::string& where) {
  using namespace bundle_layout;  // NOLINT(google-build-using-namespace): the names of the files
  write_atomically(directory / kGraph, text_of_graph(bundle.graph, where));
  write_atomically(directory / kRecipe, bundle.recipe);
  write_atomically(directory / kPreprocess, text_of(bundle.preprocessor->record()));
  write_atomically(directory / kTask, text_of(task_record(bundle)));
  write_atomically(directory / kHistory, text_of(bundle.history));
  write_atomically(directory / kPrecision, text_of(bundle.precision));
  write_atomically(directory / kReport, bundle.report_html);
  write_atomically(directory / kReadme, bundle.readme);
}

/// The networks beside the whole one, in two files; without any there are none.
void write_networks(const Bundle& bundle, const fs::path& directory) {
  if (bundle.networks.empty()) return;
  Json graphs = Json::object();
  StateDict weights;
  for (const auto& [name, graph] : bundle.networks) {
    graphs[name] = graph_to_json(graph);
    for (const auto& [parameter, tensor] : graph.parameters) weights.set(name + "/" + parameter, tensor);
  }
  write_atomically(directory / bundle_layout::kNetworks, graphs.dump(1) + "\n");
  write_safetensors(directory / bundle_layout::kNetworkWeights, weights, {});
}

}  // namespace

void require_nothing_foreign(const fs::path& path) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(path, failed)) {
    const std::string name = entry.path().filename().string();
    const bool is_ours = name == bundle_layout::kManifest || bundle_layout::file_named(name) != nullptr;
    // What systems leave in folders that somebody has looked at.
    const bool is_of_system =
        name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" || name.starts_with("._");
    if (!is_ours && !is_of_system)
      throw usage_error(path.string(),
                        fmt::format("holds {}, which is no part of the model that is to be replaced", name),
                        "a folder of a model and nothing else",
                        fmt::format("move {} elsewhere, or save the model under another name", (path / name).string()));
  }
}

Json task_record(const Bundle& bundle) {
  Json record{{"kind", bundle.task}, {"names", bundle.labels}};
  record.update(bundle.task_facts);
  return record;
}

void write_bundle(const Bundle& bundle, const fs::path& path, bool replace) {
  check_consistent(bundle, path.string());
  check_golden(bundle, path.string());
  check_target(path, replace);
  // What appears at a free path in the meantime is not ours to replace.
  AtomicDirectory target(path, fs::exists(path));
  const fs::path& directory = target.temporary();
  write_safetensors(directory / bundle_layout::kWeights, bundle.graph.parameters, {});
  write_texts(bundle, directory, path.string());
  write_networks(bundle, directory);
  write_safetensors(directory / bundle_layout::kGolden, bundle.golden, {});
  StateDict learned;
  learned.set(std::string(bundle_layout::kContents),
              sorted(bundle.learned_from.value_or(std::vector<std::uint64_t>{})));
  write_safetensors(directory / bundle_layout::kLearnedFrom, learned, {});

  Manifest manifest{.enxerto_version = std::string(version()), .files = {}};
  for (const bundle_layout::File& file : bundle_layout::files_of(bundle_layout::kSchema)) {
    if (file.optional && !is_file(directory / file.name)) continue;
    manifest.files.push_back(describe_file(directory, std::string(file.name)));
  }
  write_atomically(directory / bundle_layout::kManifest, to_json(manifest).dump(2) + "\n");
  target.commit();
}

}  // namespace enxerto

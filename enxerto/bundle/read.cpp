#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/threads.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/consistency.h"
#include "enxerto/bundle/graph_json.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/bundle/manifest.h"
#include "enxerto/files/read.h"
#include "enxerto/weights/safetensors.h"

namespace enxerto {

namespace fs = std::filesystem;
namespace layout = bundle_layout;

namespace {

void check_is_model(const fs::path& path) {
  std::error_code failed;
  if (!fs::exists(path, failed)) {
    throw weights_error(path.string(), "there is no such model", "a folder that `enxerto train` saved",
                        "check the path");
  }
  if (!fs::exists(path / layout::kManifest, failed)) {
    throw weights_error(path.string(), "not a model: it has no MANIFEST.json", "a folder that `enxerto train` saved",
                        "check the path");
  }
}

/// The files that are not as they were when the model was saved, by name, and what is wrong with each; those that
/// people may edit are not looked at.
std::map<std::string, std::string> changed_files(const fs::path& path, const Manifest& manifest) {
  std::map<std::string, std::string> changed;
  std::mutex mutex;
  parallel_for(usable_cores(), manifest.files.size(), [&](std::size_t i) {
    const ManifestEntry& entry = manifest.files[i];
    if (layout::file_named(entry.name)->role == layout::Role::tells) return;
    std::string wrong = difference(path, entry);
    if (wrong.empty()) return;
    const std::lock_guard lock(mutex);
    changed[entry.name] = std::move(wrong);
  });
  return changed;
}

void require_what_computes(const fs::path& path, const std::map<std::string, std::string>& changed) {
  for (const auto& [name, wrong] : changed) {
    if (layout::file_named(name)->role != layout::Role::computes) continue;
    throw weights_error((path / name).string(), wrong, "the file as it was saved",
                        "copy the whole model again, or train it again");
  }
}

std::string read_part(const fs::path& path, std::string_view name) {
  return read_text(path / name, layout::file_named(name)->limit, ErrorKind::weights);
}

Json read_json_part(const fs::path& path, std::string_view name) {
  return read_json(path / name, layout::file_named(name)->limit, ErrorKind::weights);
}

/// What is for people: empty where they have removed it.
std::string read_paper(const fs::path& path, std::string_view name) {
  try {
    return read_part(path, name);
  } catch (const Error&) {
    return "";
  }
}

/// The same of an object, also where it is none any more.
Json read_json_paper(const fs::path& path, std::string_view name) {
  try {
    const Json json = read_json_part(path, name);
    return json.is_object() ? json : Json::object();
  } catch (const Error&) {
    return Json::object();
  }
}

void read_task(const fs::path& path, Bundle& bundle) {
  const std::string where = task_file(path);
  Json record = read_json_part(path, layout::kTask);
  bundle.task = member<std::string>(record, "kind", where, ErrorKind::weights);
  bundle.labels = member<std::vector<std::string>>(record, "names", where, ErrorKind::weights);
  record.erase("kind");
  record.erase("names");
  bundle.task_facts = std::move(record);
}

/// Of schemas 1 and 2.
void read_labels(const fs::path& path, Bundle& bundle) {
  const Json json = read_json_part(path, layout::kLabels);
  const std::string where = (path / layout::kLabels).string();
  const auto schema = member<std::int64_t>(json, "schema_version", where, ErrorKind::weights);
  if (schema != 1 && schema != 2) {
    throw weights_error(where, "another schema version", "1 or 2", "use the version of enxerto that saved the model");
  }
  bundle.labels = member<std::vector<std::string>>(json, "labels", where, ErrorKind::weights);
  if (json.contains("task")) bundle.task = member<std::string>(json, "task", where, ErrorKind::weights);
}

std::vector<std::uint64_t> read_learned_from(const fs::path& path) {
  const std::string where = (path / layout::kLearnedFrom).string();
  const StateDict file = read_safetensors(path / layout::kLearnedFrom);
  const Tensor* contents = file.find(layout::kContents);
  if (contents == nullptr || contents->dtype() != DType::u64 || contents->shape().size() != 1)
    throw weights_error(where, fmt::format("no list '{}' of uint64", layout::kContents), "hashes of examples");
  const auto hashes = contents->as<std::uint64_t>();
  return {hashes.begin(), hashes.end()};
}

PreprocessorPtr read_preprocessor(const fs::path& path) {
  const std::string where = (path / layout::kPreprocess).string();
  try {
    return preprocessor_from_record(read_json_part(path, layout::kPreprocess), where);
  } catch (const Error& error) {
    throw Error(ErrorKind::weights, error.text());
  }
}

/// By name, as `write_bundle` writes them.
std::map<std::string, Graph, std::less<>> read_networks(const fs::path& path) {
  std::map<std::string, StateDict> weights;
  for (const auto& [name, tensor] : read_safetensors(path / layout::kNetworkWeights)) {
    const std::size_t slash = name.find('/');
    if (slash != std::string::npos) weights[name.substr(0, slash)].set(name.substr(slash + 1), tensor);
  }
  const std::string where = (path / layout::kNetworks).string();
  const Json graphs = read_json_part(path, layout::kNetworks);
  if (!graphs.is_object()) throw weights_error(where, "not an object", "a network by each name");
  std::map<std::string, Graph, std::less<>> networks;
  for (const auto& item : graphs.items())
    networks.emplace(item.key(), graph_from_json(item.value(), weights[item.key()], where));
  return networks;
}

bool lists(const Manifest& manifest, std::string_view name) {
  return std::ranges::find(manifest.files, name, &ManifestEntry::name) != manifest.files.end();
}

/// Of schema version 1, which knew one input and one output, by the network's names.
TensorMap with_names(const StateDict& golden, const Graph& graph) {
  TensorMap named;
  for (const auto& [name, tensor] : golden) {
    if (name == "input" && graph.inputs.size() == 1)
      named.set("input/" + graph.inputs[0].name, tensor);
    else if (name == "output" && graph.outputs.size() == 1)
      named.set("output/" + graph.outputs[0].name, tensor);
    else
      named.set(name, tensor);
  }
  return named;
}

}  // namespace

Bundle read_bundle(const fs::path& path) {
  check_is_model(path);
  const Manifest manifest = read_manifest(path);
  const std::map<std::string, std::string> changed = changed_files(path, manifest);
  require_what_computes(path, changed);
  Bundle bundle;
  bundle.graph = graph_from_json(read_json_part(path, layout::kGraph), read_safetensors(path / layout::kWeights),
                                 (path / layout::kGraph).string());
  bundle.preprocessor = read_preprocessor(path);
  if (lists(manifest, layout::kNetworks) && lists(manifest, layout::kNetworkWeights))
    bundle.networks = read_networks(path);
  manifest.schema < 3 ? read_labels(path, bundle) : read_task(path, bundle);
  bundle.precision = read_json_part(path, layout::kPrecision);
  bundle.recipe = read_paper(path, layout::kRecipe);
  bundle.history = read_json_paper(path, layout::kHistory);
  bundle.report_html = read_paper(path, layout::kReport);
  bundle.readme = read_paper(path, layout::kReadme);
  check_consistent(bundle, path.string());
  if (!changed.contains(std::string(layout::kGolden))) {
    bundle.golden = read_safetensors(path / layout::kGolden);
    if (manifest.schema == 1) bundle.golden = with_names(bundle.golden, bundle.graph);
    check_golden(bundle, path.string());
  }
  if (manifest.schema >= 3 && !changed.contains(std::string(layout::kLearnedFrom)))
    bundle.learned_from = read_learned_from(path);
  return bundle;
}

std::string task_file(const fs::path& path) { return (path / layout::kTask).string(); }

bool is_bundle(const fs::path& path) {
  try {
    const Json json = read_json(path / layout::kManifest, std::size_t{1} << 20, ErrorKind::weights);
    return json.is_object() && json.value("format", Json()) == Json(layout::kFormat);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace enxerto

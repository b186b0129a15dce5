#include <filesystem>

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

void check_hashes(const fs::path& path, const Manifest& manifest) {
  parallel_for(usable_cores(), manifest.files.size(), [&](std::size_t i) {
    const ManifestEntry& entry = manifest.files[i];
    if (const std::string wrong = difference(path, entry); !wrong.empty()) {
      throw weights_error((path / entry.name).string(), wrong, "the file as it was saved",
                          "copy the whole model again, or train it again");
    }
  });
}

std::string read_part(const fs::path& path, std::string_view name) {
  return read_text(path / name, layout::limit_of(name), ErrorKind::weights);
}

Json read_json_part(const fs::path& path, std::string_view name) {
  return read_json(path / name, layout::limit_of(name), ErrorKind::weights);
}

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

PreprocessorPtr read_preprocessor(const fs::path& path) {
  const std::string where = (path / layout::kPreprocess).string();
  try {
    return preprocessor_from_record(read_json_part(path, layout::kPreprocess), where);
  } catch (const Error& error) {
    throw Error(ErrorKind::weights, error.text());
  }
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
  check_hashes(path, manifest);
  Bundle bundle;
  bundle.graph = graph_from_json(read_json_part(path, layout::kGraph), read_safetensors(path / layout::kWeights),
                                 (path / layout::kGraph).string());
  bundle.recipe = read_part(path, layout::kRecipe);
  bundle.preprocessor = read_preprocessor(path);
  read_labels(path, bundle);
  bundle.history = read_json_part(path, layout::kHistory);
  bundle.precision = read_json_part(path, layout::kPrecision);
  bundle.report_html = read_part(path, layout::kReport);
  bundle.readme = read_part(path, layout::kReadme);
  bundle.golden = read_safetensors(path / layout::kGolden);
  if (manifest.schema == 1) bundle.golden = with_names(bundle.golden, bundle.graph);
  check_consistent(bundle, path.string());
  return bundle;
}

bool is_bundle(const fs::path& path) {
  try {
    const Json json = read_json(path / layout::kManifest, std::size_t{1} << 20, ErrorKind::weights);
    return json.is_object() && json.value("format", Json()) == Json(layout::kFormat);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace enxerto

#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/graph.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// The task of a bundle that does not say which it is for.
inline constexpr std::string_view kFirstTask = "classification";

/// A saved model as a value; on disk a directory, whose files docs/saved-models.md tells one by one
/// (bundle/layout.h), and MANIFEST.json, written last, with size and SHA-256 of every file.
struct Bundle {
  Graph graph;         ///< whole: the inputs of `preprocessor` -> "probabilities" (batch, labels), or the values
  std::string recipe;  ///< TOML: what was asked, complete enough to repeat it
  PreprocessorPtr preprocessor;
  std::map<std::string, Graph, std::less<>> networks = {};  ///< that the preprocessor looks with, by its names
  std::string task{kFirstTask};                             ///< a row of `task_kinds()` (tasks/task.h)
  std::vector<std::string> labels;                          ///< names of the classes, labels or values by index
  Json task_facts = Json::object();  ///< what else the task's record has: mean and deviation of the targets, ..
  Json history = Json::object();     ///< how training went, metrics, skipped examples
  Json precision;  ///< {"prefix": "bf16", "cut": "layer4", ..}: the resolved precision of what is before the cut, and
                   ///< how far it is from fp32
  std::string report_html, readme;
  TensorMap golden;  ///< of a few examples "input/NAME" for each input and "output/NAME", in fp32, each (n, ..); in
                     ///< bundles of version 0.2 and before "input" and "output", which `read_bundle` renames
  /// The upper 64 bits of the content hash of each example that it learned from, ascending; none where that is not
  /// known.
  std::optional<std::vector<std::uint64_t>> learned_from = std::nullopt;
};

/// The stage before which the resolved precision holds; "head" in bundles that do not say, "all" where it holds
/// nowhere.
std::string precision_cut(const Bundle& bundle);

/// The golden tensors whose names begin with `prefix`, "input/" or "output/", without it.
TensorMap golden_part(const Bundle& bundle, std::string_view prefix);

/// Throws Error{usage} naming a file or folder in the bundle at `path` that is none of its own: it would be lost where
/// the bundle is replaced.
void require_nothing_foreign(const std::filesystem::path& path);

/// Appears whole or not at all; replaces what is at `path` only where `replace` is true and it is a bundle (an empty
/// folder counts as nothing). Throws Error{disk}, Error{usage}, and Error{weights} for parts that do not fit together.
void write_bundle(const Bundle& bundle, const std::filesystem::path& path, bool replace);

/// Reads it and checks the hashes of what computes; the weights stay a memory map. Throws Error{weights} naming the
/// file that is missing or changed (one flipped bit), or that the manifest names and no bundle has. What is for people
/// may have been edited or be missing (then it is empty); goldens and what it learned from are empty where their files
/// have changed. Files that the manifest does not list are ignored. `verify` names all of these.
Bundle read_bundle(const std::filesystem::path& path);

/// The record of its task: {"kind", "names", ..}, as task.json has it and `task_from_record` reads it.
Json task_record(const Bundle& bundle);

/// What errors call that record: "MODEL/task.json".
std::string task_file(const std::filesystem::path& path);

/// True where `path` is a directory with a MANIFEST.json of ours.
bool is_bundle(const std::filesystem::path& path);

}  // namespace enxerto

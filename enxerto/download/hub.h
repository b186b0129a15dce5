#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "enxerto/base/progress.h"
#include "enxerto/download/download.h"
#include "enxerto/download/hub_access.h"

namespace enxerto {

struct HubOptions {
  std::string revision = "main";  ///< a branch, a tag or a commit
  bool offline = false;           ///< look only into the caches
  RetryOptions retries = {};
  HttpTimes times = {};
};

/// The folder of a model of Hugging Face's hub ("org/name"): config.json, preprocessor_config.json where there is one,
/// and its weights, from the first of these that it has: model.safetensors, its index and shards, pytorch_model.bin,
/// its index and shards. Looked for in the Hugging Face cache and in Enxerto's; fetched into Enxerto's where it is in
/// neither, pinned to one commit, LFS files checked against the hub's SHA-256. Throws Error{usage} for a name that the
/// hub cannot have, and as `download` does; offline and not cached: Error{network} with what to do.
std::filesystem::path hub_snapshot(std::string_view id, const HubOptions& options = {},
                                   Progress& progress = no_progress());

/// The same, where it is complete in a cache already.
std::optional<std::filesystem::path> cached_hub_snapshot(std::string_view id, std::string_view revision = "main");

struct HubFileRequest {
  std::string file = {};    ///< "model.safetensors"
  std::string sha256 = {};  ///< 64 digits, or the first of them; "" where it is not known
  HubOptions how = {};
};

/// One file of such a model, into our cache; `fetched` is false where it is there already. Throws as `download` does.
Downloaded hub_download(std::string_view id, const HubFileRequest& request, Progress& progress = no_progress());

}  // namespace enxerto

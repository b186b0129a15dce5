#include "enxerto/download/hub.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/download/address.h"
#include "enxerto/download/http_error.h"
#include "enxerto/download/hub_cache.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostIndexBytes = 64U << 20U;
constexpr std::size_t kMostShards = 1024;
constexpr std::uint64_t kMostConfigBytes = 16U << 20U;
constexpr std::array<const char*, 4> kWeights{"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                                              "pytorch_model.bin.index.json"};

bool is_index(std::string_view file) { return file.ends_with(".index.json"); }

/// The files that an index of shards names. They are next to it: none of them has a path.
std::set<std::string> shards_of(const std::filesystem::path& index) {
  const Json json = read_json(index, kMostIndexBytes, ErrorKind::weights);
  std::set<std::string> shards;
  const Json map = member<Json>(json, "weight_map", index.string(), ErrorKind::weights);
  for (const auto& [tensor, shard] : map.items()) {
    const std::string file = shard.is_string() ? shard.get<std::string>() : "";
    const bool is_plain = file.find('/') == std::string::npos && !file.starts_with('.') && file.size() < 200 &&
                          (file.ends_with(".safetensors") || file.ends_with(".bin")) &&
                          hub_file_of("https://huggingface.co/a/b/resolve/main/" + file).has_value();
    if (is_plain) shards.insert(file);
    if (!is_plain || shards.size() > kMostShards)
      throw weights_error(index.string(), "'" + tensor + "' is listed in " + shard.dump(),
                          fmt::format("one of at most {} files next to it", kMostShards));
  }
  return shards;
}

bool is_whole(const std::filesystem::path& folder) {
  if (!is_file(folder / "config.json")) return false;
  for (const char* weights : kWeights) {
    if (!is_file(folder / weights)) continue;
    if (!is_index(weights)) return true;
    const auto shards = shards_of(folder / weights);
    return std::all_of(shards.begin(), shards.end(), [&](const std::string& file) { return is_file(folder / file); });
  }
  return false;
}

/// What the hub says of a file before it is fetched.
struct Facts {
  bool there = false;
  std::string commit;
  std::string sha256;      ///< of a file in LFS; "" for others
  std::uint64_t size = 0;  ///< 0 where it is not said
};

class NoBody final : public HttpBody {
 public:
  void begin(const HttpAnswer&) override {}
  void add(std::span<const std::byte>) override {}
};

/// The hub says it in its own answer or, for small files, in the one that this leads to.
std::string first_header(const HttpAnswer& answer, const char* name) {
  for (const HttpHeaders* headers : {&answer.first, &answer.headers})
    if (const auto found = headers->find(name); found != headers->end()) return found->second;
  return "";
}

Facts facts_of(const HttpAnswer& answer) {
  Facts facts{.there = true, .commit = first_header(answer, "x-repo-commit"), .sha256 = "", .size = 0};
  std::string etag = first_header(answer, "x-linked-etag");
  std::erase(etag, '"');
  if (etag.size() == 64 && etag.find_first_not_of("0123456789abcdef") == std::string::npos) facts.sha256 = etag;
  const std::string size = first_header(answer, "x-linked-size");
  std::from_chars(size.data(), size.data() + size.size(), facts.size);
  return facts;
}

/// A model that is being fetched.
class Snapshot {
 public:
  Snapshot(std::string_view id, const HubOptions& options, Progress& progress)
      : id_(id), options_(options), progress_(progress), token_(hub_token()) {}

  std::filesystem::path fetch() {
    fetch("config.json", look("config.json"));
    if (const Facts facts = look("preprocessor_config.json", true); facts.there)
      fetch("preprocessor_config.json", facts);
    fetch_weights();
    set_revision(id_, options_.revision, commit_);
    return folder_;
  }

  Downloaded fetch_one(const std::string& file, const std::string& sha256) {
    Facts facts = look(file);
    if (!facts.sha256.empty() && !facts.sha256.starts_with(sha256))
      throw network_error(hub_address({id_, options_.revision, file}), "its SHA-256 is " + facts.sha256, sha256,
                          "the file on the hub is no longer the published one");
    if (facts.sha256.empty()) facts.sha256 = sha256;
    const Downloaded done = fetch(file, facts);
    set_revision(id_, options_.revision, commit_);
    return done;
  }

 private:
  /// The first file settles the commit; all others are of that one.
  Facts look(const std::string& file, bool optional = false) {
    const std::string address = hub_address({id_, commit_.empty() ? options_.revision : commit_, file});
    Retries retries(options_.retries);
    NoBody nobody;
    while (true) {
      const HttpRequest request{
          .address = address, .head = true, .headers = {}, .token = token_, .times = options_.times};
      const HttpAnswer answer = http_exchange(request, nobody, progress_);
      const bool sent_on = answer.failure == 0 && answer.status / 100 == 3;
      if (is_success(answer) || sent_on) return pinned(facts_of(answer), address);
      if (optional && answer.failure == 0 && answer.status == 404) return {};
      if (!retries.another(answer)) throw_http_error(address, answer);
      retries.wait(answer, progress_);
    }
  }

  Facts pinned(Facts facts, const std::string& address) {
    const std::string commit = facts.commit.empty() && is_commit(options_.revision) ? options_.revision : facts.commit;
    if (!is_commit(commit) || (!commit_.empty() && commit != commit_))
      throw network_error(address, "the server's answer names no commit",
                          "a server that answers like the Hugging Face Hub", "check HF_ENDPOINT and the proxy");
    commit_ = commit;
    folder_ = hub_repository(own_hub_cache(), id_) / "snapshots" / commit_;
    return facts;
  }

  Downloaded fetch(const std::string& file, const Facts& facts) {
    const bool is_text = file.ends_with(".json");
    return download({.address = hub_address({id_, commit_, file}),
                     .target = folder_ / file,
                     .name = id_ + "/" + file,
                     .sha256 = facts.sha256,
                     .md5 = {},
                     .size = facts.size,
                     .limit = is_text ? (is_index(file) ? kMostIndexBytes : kMostConfigBytes) : Download().limit,
                     .token = token_,
                     .retries = options_.retries,
                     .times = options_.times},
                    progress_);
  }

  void fetch_weights() {
    for (const char* weights : kWeights) {
      const Facts facts = look(weights, true);
      if (!facts.there) continue;
      const Downloaded done = fetch(weights, facts);
      if (!is_index(weights)) return;
      for (const std::string& shard : shards_of(done.file)) fetch(shard, look(shard));
      return;
    }
    throw weights_error(id_, "it has no weights that can be read",
                        fmt::format("{}, {} or an index of one of them", kWeights[0], kWeights[2]),
                        "another revision or model; its page lists the files: " + hub_endpoint() + "/" + id_);
  }

  const std::string id_;
  const HubOptions& options_;
  Progress& progress_;
  const std::string token_;
  std::string commit_;
  std::filesystem::path folder_;
};

}  // namespace

std::optional<std::filesystem::path> cached_hub_snapshot(std::string_view id, std::string_view revision) {
  check_hub_name(id, revision);
  for (const std::filesystem::path& cache : hub_caches()) {
    const auto folder = cached_revision(cache, id, revision);
    if (folder && is_whole(*folder)) return folder;
  }
  return std::nullopt;
}

std::filesystem::path hub_snapshot(std::string_view id, const HubOptions& options, Progress& progress) {
  if (const auto cached = cached_hub_snapshot(id, options.revision)) return *cached;
  if (!options.offline) return Snapshot(id, options, progress).fetch();
  throw network_error(std::string(id), "it is neither in the Hugging Face cache nor in Enxerto's", "",
                      fmt::format("enxerto models pull {}", id));
}

Downloaded hub_download(std::string_view id, const HubFileRequest& request, Progress& progress) {
  check_hub_name(id, request.how.revision);
  return Snapshot(id, request.how, progress).fetch_one(request.file, request.sha256);
}

}  // namespace enxerto

#include "enxerto/download/hub.h"

#include <map>
#include <optional>

#include "enxerto/download/hub_access.h"
#include "enxerto/download/hub_cache.h"
#include "tests/download/download_test_case.h"

namespace enxerto {
namespace {

using testing::Asked;
using testing::contents;
using testing::Environment;
using testing::error_of;
using testing::file_reply;
using testing::LocalServer;
using testing::put;
using testing::Reply;
using testing::sha256_of;

using Files = std::map<std::string, std::string>;

const std::string kCommit(40, 'c');

/// Answers as the hub does: small files itself, large ones (".safetensors", ".bin") by a redirect to another server.
class Hub {
 public:
  explicit Hub(Files files)
      : files_(std::move(files)),
        storage_([this](const Asked& asked) { return file_reply(asked, files_.at(asked.target.substr(1)), "\"s\""); }),
        hub_([this](const Asked& asked) { return answer(asked); }),
        endpoint_("HF_ENDPOINT", hub_.address()) {}

  std::map<std::string, std::string> wrong_digest;  ///< what the hub says of a file
  std::string token;                                ///< without which it gives nothing
  std::atomic<int> busy = 0;                        ///< so many times it has no time
  std::vector<Asked> asked() const { return hub_.asked(); }
  std::vector<Asked> asked_of_storage() const { return storage_.asked(); }

 private:
  Reply answer(const Asked& asked) {
    if (busy-- > 0) return {.status = 503};
    const auto who = asked.headers.find("authorization");
    if (!token.empty() && (who == asked.headers.end() || who->second != "Bearer " + token)) return {.status = 401};
    std::optional<std::string> file;
    for (const std::string& revision : {std::string("main"), std::string("refs%2Fpr%2F1"), kCommit})
      if (const std::string start = "/org/net/resolve/" + revision + "/"; asked.target.starts_with(start))
        file = asked.target.substr(start.size());
    if (!file || !files_.contains(*file)) return {.status = 404};
    Reply reply{.headers = {"X-Repo-Commit: " + kCommit}, .body = files_.at(*file)};
    if (!file->ends_with(".safetensors") && !file->ends_with(".bin")) return reply;
    const auto wrong = wrong_digest.find(*file);
    const std::string digest = wrong == wrong_digest.end() ? sha256_of(reply.body) : wrong->second;
    return {.status = 302,
            .headers = {"X-Repo-Commit: " + kCommit, "X-Linked-Etag: \"" + digest + "\"",
                        "X-Linked-Size: " + std::to_string(reply.body.size()),
                        "Location: " + storage_.address() + "/" + *file}};
  }

  Files files_;
  LocalServer storage_, hub_;
  Environment endpoint_;
};

Files small_model() {
  return {
      {"config.json", "{\"architecture\": \"resnet18\"}"}, {"model.safetensors", "the weights"}, {"README.md", "x"}};
}

class HubTest : public testing::DownloadTestCase {
 protected:
  HubTest() {
    quick_.retries = kQuick;
    quick_.times = kSoon;
  }

  Error refused(std::string_view id = "org/net") {
    return error_of([&] { hub_snapshot(id, quick_); });
  }

  HubOptions quick_;
};

TEST_F(HubTest, BringsWhatAModelNeedsPinnedToItsCommit) {
  Files files = small_model();
  files["preprocessor_config.json"] = "{}";
  const Hub hub(files);
  const std::filesystem::path folder = hub_snapshot("org/net", quick_);
  EXPECT_EQ(folder, home() / "cache/enxerto/hub/models--org--net/snapshots" / kCommit);
  EXPECT_EQ(contents(folder / "config.json"), files["config.json"]);
  EXPECT_EQ(contents(folder / "preprocessor_config.json"), "{}");
  EXPECT_EQ(contents(folder / "model.safetensors"), "the weights");
  EXPECT_FALSE(std::filesystem::exists(folder / "README.md"));
  for (const Asked& asked : hub.asked())
    if (asked.method == "GET") {
      EXPECT_NE(asked.target.find(kCommit), std::string::npos) << asked.target;
    }
}

TEST_F(HubTest, FindsItInTheCacheFromThenOnWithoutANetwork) {
  const Hub hub(small_model());
  const std::filesystem::path folder = hub_snapshot("org/net", quick_);
  const std::size_t asked = hub.asked().size();
  EXPECT_EQ(hub_snapshot("org/net", quick_), folder);
  EXPECT_EQ(hub.asked().size(), asked);
  quick_.offline = true;
  EXPECT_EQ(hub_snapshot("org/net", quick_), folder);
  const Error error = refused("org/other");
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_EQ(error.text().tip, "enxerto models pull org/other");
}

TEST_F(HubTest, TakesABranchWithASlashInItsName) {
  const Hub hub(small_model());
  quick_.revision = "refs/pr/1";
  EXPECT_EQ(hub_snapshot("org/net", quick_).filename(), kCommit);
  EXPECT_TRUE(cached_hub_snapshot("org/net", "refs/pr/1"));
  EXPECT_FALSE(cached_hub_snapshot("org/net", "main"));
  EXPECT_TRUE(cached_hub_snapshot("org/net", kCommit));
}

TEST_F(HubTest, BringsAllShardsOfAnIndex) {
  const Hub hub(
      {{"config.json", "{}"},
       {"model.safetensors.index.json", R"({"weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors"}})"},
       {"m-1.safetensors", "one"},
       {"m-2.safetensors", "two"}});
  const std::filesystem::path folder = hub_snapshot("org/net", quick_);
  EXPECT_EQ(contents(folder / "m-1.safetensors"), "one");
  EXPECT_EQ(contents(folder / "m-2.safetensors"), "two");
  std::filesystem::remove(folder / "m-2.safetensors");
  EXPECT_FALSE(cached_hub_snapshot("org/net"));
  hub_snapshot("org/net", quick_);
  EXPECT_EQ(contents(folder / "m-2.safetensors"), "two");
}

TEST_F(HubTest, TakesPyTorchFilesWhereThereIsNothingBetter) {
  const Hub hub(Files{{"config.json", "{}"}, {"pytorch_model.bin", "pickled"}});
  EXPECT_EQ(contents(hub_snapshot("org/net", quick_) / "pytorch_model.bin"), "pickled");
}

TEST_F(HubTest, RefusesAModelWithoutWeights) {
  const Hub hub(Files{{"config.json", "{}"}, {"tf_model.h5", "x"}});
  EXPECT_EQ(refused().kind(), ErrorKind::weights);
}

TEST_F(HubTest, RefusesShardsThatLeadOutOfTheFolder) {
  for (const char* shard : {"../evil.safetensors", "/tmp/evil.bin", "config.json", ".safetensors"}) {
    const Hub hub(Files{{"config.json", "{}"},
                        {"model.safetensors.index.json", std::string(R"({"weight_map": {"a": ")") + shard + "\"}}"}});
    EXPECT_EQ(refused().kind(), ErrorKind::weights) << shard;
  }
}

TEST_F(HubTest, ChecksTheDigestThatTheHubStates) {
  Hub hub(small_model());
  hub.wrong_digest["model.safetensors"] = std::string(64, 'a');
  const Error error = refused();
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_EQ(error.text().expected, std::string(64, 'a'));
  EXPECT_FALSE(cached_hub_snapshot("org/net"));
}

TEST_F(HubTest, ShowsTheTokenToTheHubAlone) {
  Hub hub(small_model());
  hub.token = "hf_secret";
  EXPECT_NE(refused().text().tip.find("HF_TOKEN"), std::string::npos);
  const Environment token("HF_TOKEN", "hf_secret");
  hub_snapshot("org/net", quick_);
  ASSERT_EQ(hub.asked_of_storage().size(), 1U);
  EXPECT_EQ(hub.asked_of_storage()[0].headers.count("authorization"), 0U);
}

TEST_F(HubTest, ReadsTheTokenThatTheHubsOwnToolsKeep) {
  EXPECT_EQ(hub_token(), "");
  put(home() / "cache/huggingface/token", " hf_kept\n");
  EXPECT_EQ(hub_token(), "hf_kept");
  put(home() / "other", "hf_other");
  const Environment path("HF_TOKEN_PATH", (home() / "other").string());
  EXPECT_EQ(hub_token(), "hf_other");
  const Environment token("HF_TOKEN", "hf_first");
  EXPECT_EQ(hub_token(), "hf_first");
  const Environment none("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
  EXPECT_EQ(hub_token(), "");
}

TEST_F(HubTest, RefusesATokenThatWouldBeAHeaderOfItsOwn) {
  const Environment token("HF_TOKEN", "a\r\nX-Evil: 1");
  EXPECT_EQ(error_of([] { hub_token(); }).kind(), ErrorKind::usage);
}

TEST_F(HubTest, LooksIntoTheCacheOfTheHubsOwnToolsFirst) {
  const Hub hub(small_model());
  const std::filesystem::path repository = home() / "theirs" / "models--org--net";
  const Environment theirs("HF_HUB_CACHE", (home() / "theirs").string());
  put(repository / "refs/main", std::string(40, 'd'));
  put(repository / "snapshots" / std::string(40, 'd') / "config.json", "{}");
  EXPECT_FALSE(cached_hub_snapshot("org/net")) << "weights are missing";
  put(repository / "snapshots" / std::string(40, 'd') / "model.safetensors", "x");
  EXPECT_EQ(hub_snapshot("org/net", quick_), repository / "snapshots" / std::string(40, 'd'));
  EXPECT_TRUE(hub.asked().empty());
}

TEST_F(HubTest, DoesNotFollowAReferenceOutOfTheCache) {
  put(home() / "cache/huggingface/hub/models--org--net/refs/main", "../../../../../etc");
  EXPECT_FALSE(cached_hub_snapshot("org/net"));
}

TEST_F(HubTest, RefusesWhatIsNoNameOnTheHub) {
  for (const char* id :
       {"net", "a/b/c", "../net", "org/..", "org/.net", "-org/net", "org/ne t", "org/a--b", "/net", "org/"})
    EXPECT_EQ(refused(id).kind(), ErrorKind::usage) << id;
  for (const char* revision : {"", "../x", "a/../b", "/main", "main/", "-x", "a b", "a//b", "a/.b"}) {
    quick_.revision = revision;
    EXPECT_EQ(refused().kind(), ErrorKind::usage) << revision;
  }
}

TEST_F(HubTest, RefusesAServerThatIsNoHub) {
  const LocalServer server([](const Asked&) { return Reply{.body = "{}"}; });
  const Environment endpoint("HF_ENDPOINT", server.address() + "/");
  EXPECT_NE(refused().text().found.find("no commit"), std::string::npos);
}

TEST_F(HubTest, RefusesACommitThatLeadsOutOfTheCache) {
  const LocalServer server(
      [](const Asked&) { return Reply{.headers = {"X-Repo-Commit: ../../../evil"}, .body = "{}"}; });
  const Environment endpoint("HF_ENDPOINT", server.address());
  EXPECT_EQ(refused().kind(), ErrorKind::network);
  EXPECT_FALSE(std::filesystem::exists(home() / "cache"));
}

TEST_F(HubTest, TriesAgainWhenTheHubIsBusy) {
  Hub hub(small_model());
  hub.busy = 2;
  EXPECT_EQ(contents(hub_snapshot("org/net", quick_) / "model.safetensors"), "the weights");
  hub.busy = 3;
  quick_.revision = "refs/pr/1";
  EXPECT_NE(refused().text().found.find("503"), std::string::npos);
}

TEST(HubFileOf, ReadsAnAddressOfTheHub) {
  const auto file = hub_file_of("https://huggingface.co/timm/resnet18.a1_in1k/resolve/main/model.safetensors");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->id, "timm/resnet18.a1_in1k");
  EXPECT_EQ(file->revision, "main");
  EXPECT_EQ(file->file, "model.safetensors");
  for (const char* other :
       {"https://huggingface.co.evil/a/b/resolve/main/c", "https://download.pytorch.org/models/a.pth",
        "https://huggingface.co/a/b/blob/main/c", "https://huggingface.co/../b/resolve/main/c"})
    EXPECT_FALSE(hub_file_of(other)) << other;
}

}  // namespace
}  // namespace enxerto

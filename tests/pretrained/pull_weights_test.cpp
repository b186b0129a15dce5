#include "enxerto/pretrained/pull_weights.h"

#include "enxerto/pretrained/find_weights.h"
#include "tests/download/download_test_case.h"

namespace enxerto {
namespace {

using testing::Asked;
using testing::contents;
using testing::Environment;
using testing::error_of;
using testing::file_reply;
using testing::LocalServer;
using testing::md5_of;
using testing::put;
using testing::Reply;
using testing::sha256_of;

const std::string kWeights = "weights of a small network";

PretrainedSpec published(const std::string& file = "net-12345678.pth") {
  PretrainedSpec spec;
  spec.name = "net";
  spec.source = "torchvision";
  spec.file = file;
  spec.sha256 = sha256_of(kWeights).substr(0, 8);
  spec.address = "https://download.example/models/" + file;
  return spec;
}

class PullWeightsTest : public testing::DownloadTestCase {
 protected:
  PullWeightsTest() {
    quick_.retries = kQuick;
    quick_.times = kSoon;
  }

  std::filesystem::path ours() const { return home() / "cache/enxerto/weights"; }
  std::filesystem::path torch() const { return home() / "cache/torch/hub/checkpoints"; }

  PullOptions quick_;
};

TEST_F(PullWeightsTest, FetchesWhatIsNotHereThroughTheMirror) {
  const LocalServer server([](const Asked& asked) { return file_reply(asked, kWeights, "\"1\""); });
  const Environment mirror("ENXERTO_MIRROR", server.address());
  const PulledWeights pulled = pull_published({published()}, quick_);
  EXPECT_TRUE(pulled.fetched);
  EXPECT_EQ(pulled.path, ours() / "net-12345678.pth");
  EXPECT_EQ(pulled.sha256, sha256_of(kWeights));
  EXPECT_EQ(server.asked().at(0).target, "/models/net-12345678.pth");
  EXPECT_EQ(find_published({published()}).found.file, pulled.path);
  EXPECT_FALSE(pull_published({published()}, quick_).fetched);
  EXPECT_EQ(server.asked().size(), 1U);
}

TEST_F(PullWeightsTest, SendsNoTokenToAPublisherThatIsNotTheHub) {
  const LocalServer server([](const Asked& asked) { return file_reply(asked, kWeights, "\"1\""); });
  const Environment mirror("ENXERTO_MIRROR", server.address()), token("HF_TOKEN", "hf_secret");
  pull_published({published()}, quick_);
  EXPECT_EQ(server.asked().at(0).headers.count("authorization"), 0U);
}

TEST_F(PullWeightsTest, FetchesNothingThatTorchOrKerasHasFetched) {
  put(torch() / "net-12345678.pth", kWeights);
  EXPECT_EQ(pull_published({published()}, quick_).path, torch() / "net-12345678.pth");
  put(home() / ".keras/models/net.h5", kWeights);
  EXPECT_EQ(pull_published({published("net.h5")}, quick_).path, home() / ".keras/models/net.h5");
  const Environment elsewhere("TORCH_HOME", (home() / "t").string()), keras("KERAS_HOME", (home() / "k").string());
  put(home() / "t/hub/checkpoints/a.pth", kWeights);
  put(home() / "k/models/b.h5", kWeights);
  EXPECT_EQ(find_published({published("a.pth")}).found.file, home() / "t/hub/checkpoints/a.pth");
  EXPECT_EQ(find_published({published("b.h5")}).found.file, home() / "k/models/b.h5");
}

TEST_F(PullWeightsTest, KnowsAFileByItsMd5WhereItsPublisherGivesNoMore) {
  PretrainedSpec spec = published("net.h5");
  spec.sha256 = "";
  spec.md5 = md5_of(kWeights);
  put(home() / ".keras/models/net.h5", kWeights);
  EXPECT_EQ(find_published({spec}).digests.md5, spec.md5);
  spec.md5 = md5_of("other");
  EXPECT_EQ(error_of([&] { find_published({spec}); }).kind(), ErrorKind::weights);
}

TEST_F(PullWeightsTest, SaysThatAPublisherStatesNoDigest) {
  const LocalServer server([](const Asked& asked) { return file_reply(asked, kWeights, "\"1\""); });
  const Environment mirror("ENXERTO_MIRROR", server.address());
  PretrainedSpec spec = published("net.h5");
  spec.sha256 = "";
  EXPECT_TRUE(pull_published({spec}, quick_).fetched);
  EXPECT_FALSE(is_published(spec, {.sha256 = sha256_of(kWeights), .md5 = ""}));
  const PublishedWeights found = find_published({spec});
  EXPECT_EQ(found.found.file, ours() / "net.h5");
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("no digest"), std::string::npos);
}

TEST_F(PullWeightsTest, PassesOverAFileInAnotherProgramsCacheThatIsNotWhatItsNameSays) {
  put(torch() / "net-12345678.pth", "half of the wei");
  const Error missing = error_of([] { find_published({published()}); });
  EXPECT_EQ(missing.kind(), ErrorKind::weights);
  EXPECT_NE(missing.text().tip.find("enxerto models pull net"), std::string::npos) << missing.what();
  EXPECT_NE(missing.text().found.find(torch().string() + "/net-12345678.pth is ignored"), std::string::npos);
  put(home() / ".keras/models/net-12345678.pth", kWeights);
  const PublishedWeights found = find_published({published()});
  EXPECT_EQ(found.found.file, home() / ".keras/models/net-12345678.pth");
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find(torch().string()), std::string::npos);
}

TEST_F(PullWeightsTest, ReplacesADamagedFileOfOurs) {
  const LocalServer server([](const Asked& asked) { return file_reply(asked, kWeights, "\"1\""); });
  const Environment mirror("ENXERTO_MIRROR", server.address());
  put(ours() / "net-12345678.pth", "half of the wei");
  EXPECT_EQ(error_of([] { find_published({published()}); }).text().where, (ours() / "net-12345678.pth").string());
  EXPECT_TRUE(pull_published({published()}, quick_).fetched);
  EXPECT_EQ(contents(ours() / "net-12345678.pth"), kWeights);
}

TEST_F(PullWeightsTest, FindsWeightsOfTheHubInItsCache) {
  PretrainedSpec spec = published("model.safetensors");
  spec.address = "https://huggingface.co/timm/net/resolve/main/model.safetensors";
  const std::filesystem::path repository = home() / "cache/huggingface/hub/models--timm--net";
  const std::string commit(40, 'a');
  put(repository / "refs/main", commit);
  put(repository / "snapshots" / commit / "model.safetensors", kWeights);
  EXPECT_EQ(find_published({spec}).found.file, repository / "snapshots" / commit / "model.safetensors");
}

TEST_F(PullWeightsTest, BringsWeightsOfTheHubIntoOurCacheOfIt) {
  const LocalServer hub([](const Asked& asked) {
    Reply reply = file_reply(asked, kWeights, "\"1\"");
    reply.headers.push_back("X-Repo-Commit: " + std::string(40, 'a'));
    return reply;
  });
  const Environment endpoint("HF_ENDPOINT", hub.address());
  PretrainedSpec spec = published("model.safetensors");
  spec.address = "https://huggingface.co/timm/net/resolve/main/model.safetensors";
  const PulledWeights pulled = pull_published({spec}, quick_);
  EXPECT_EQ(pulled.path, home() / "cache/enxerto/hub/models--timm--net/snapshots" / std::string(40, 'a') / spec.file);
  EXPECT_EQ(find_published({spec}).found.file, pulled.path);
}

TEST_F(PullWeightsTest, TakesThePublishedFileOfAnotherSourceWhereOneComesInAPackage) {
  const LocalServer server([](const Asked& asked) { return file_reply(asked, kWeights, "\"1\""); });
  const Environment mirror("ENXERTO_MIRROR", server.address());
  PretrainedSpec packaged = published("packaged.pth");
  packaged.address = "https://code.example/project";
  EXPECT_EQ(pull_published({packaged, published()}, quick_).path.filename(), "net-12345678.pth");
  EXPECT_EQ(error_of([&] { pull_published({packaged}, quick_); }).kind(), ErrorKind::weights);
}

TEST_F(PullWeightsTest, NamesTheNearestNameAndSource) {
  EXPECT_NE(error_of([] { pull_weights("resnet81"); }).text().found.find("did you mean"), std::string::npos);
  const Error error = error_of([] { pull_weights("resnet18", {.source = "torchvison"}); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(error.text().found.find("'torchvision'"), std::string::npos) << error.what();
}

TEST_F(PullWeightsTest, RefusesWhatIsNotThePublishedFile) {
  const LocalServer server([](const Asked&) { return Reply{.body = "something else"}; });
  const Environment mirror("ENXERTO_MIRROR", server.address());
  EXPECT_EQ(error_of([&] { pull_weights("resnet18", quick_); }).kind(), ErrorKind::network);
  EXPECT_TRUE(weight_candidates(pretrained_named("resnet18")).empty());
}

}  // namespace
}  // namespace enxerto

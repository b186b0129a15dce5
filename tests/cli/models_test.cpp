#include <gtest/gtest.h>

#include <csignal>

#include <nlohmann/json.hpp>

#include "program.h"
#include "tests/download/local_server.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

using enxerto::testing::Asked;
using enxerto::testing::Environment;
using enxerto::testing::file_reply;
using enxerto::testing::LocalServer;
using enxerto::testing::noise;
using enxerto::testing::Reply;
using test::contents;
using test::Folder;
using test::Outcome;
using test::run;

const std::string kCommit(40, 'c');

/// A model of two files on a hub.
Reply hub_reply(const Asked& asked, const std::string& weights) {
  Reply reply{.status = 404};
  if (asked.target.ends_with("/config.json")) reply = {.body = "{\"architecture\": \"resnet18\"}"};
  if (asked.target.ends_with("/model.safetensors")) reply = file_reply(asked, weights, "\"1\"");
  if (reply.status != 404) reply.headers.push_back("X-Repo-Commit: " + kCommit);
  return reply;
}

class ModelsCommand : public ::testing::Test {
 protected:
  std::filesystem::path snapshot() const {
    return folder_ / ("user/enxerto/hub/models--org--net/snapshots/" + kCommit);
  }

  Folder folder_;

 private:
  Environment home_{"HOME", folder_.path().string()}, cache_{"XDG_CACHE_HOME", (folder_ / "user").string()};
  Environment weights_{"ENXERTO_WEIGHTS", ""}, mirror_{"ENXERTO_MIRROR", ""}, offline_{"ENXERTO_OFFLINE", ""};
  Environment torch_{"TORCH_HOME", ""}, keras_{"KERAS_HOME", ""};
  Environment endpoint_{"HF_ENDPOINT", ""}, hub_offline_{"HF_HUB_OFFLINE", ""}, token_{"HF_TOKEN", ""};
  Environment token_path_{"HF_TOKEN_PATH", ""}, hub_home_{"HF_HOME", ""}, hub_cache_{"HF_HUB_CACHE", ""};
  Environment proxy_{"http_proxy", ""}, all_proxy_{"all_proxy", ""}, no_proxy_{"no_proxy", "127.0.0.1"};
};

TEST_F(ModelsCommand, ListsWhatIsKnownAndWhereItIs) {
  test::write(folder_ / "user/torch/hub/checkpoints/resnet34-b627a593.pth", "x");
  const Outcome text = run(folder_, {"models"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("BSD-3-Clause"), std::string::npos);
  EXPECT_NE(text.out.find("not downloaded"), std::string::npos);
  const auto json = nlohmann::json::parse(run(folder_, {"models", "--json"}).out);
  bool seen = false;
  for (const auto& row : json.at("models")) {
    const bool is_there = row.at("name") == "resnet34" && row.at("source") == "torchvision";
    seen = seen || is_there;
    EXPECT_EQ(row.at("bytes").is_null(), row.at("found") == "");
    if (!is_there) continue;
    EXPECT_EQ(row.at("preprocess_name"), "torch");
    EXPECT_EQ(row.at("found"), (folder_ / "user/torch/hub/checkpoints/resnet34-b627a593.pth").string());
  }
  EXPECT_TRUE(seen);
}

TEST_F(ModelsCommand, PullsAModelOfTheHubOnce) {
  const LocalServer hub([](const Asked& asked) { return hub_reply(asked, noise(2'500'000)); });
  const Environment endpoint("HF_ENDPOINT", hub.address());
  const Outcome first = run(folder_, {"models", "pull", "org/net"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out, snapshot().string() + "\n");
  EXPECT_EQ(contents(snapshot() / "model.safetensors"), noise(2'500'000));
  EXPECT_NE(first.err.find("download org/net/model.safetensors (MB): 2"), std::string::npos) << first.err;
  const Environment offline("HF_HUB_OFFLINE", "1");
  const auto json = nlohmann::json::parse(run(folder_, {"models", "pull", "org/net", "--json"}).out);
  EXPECT_EQ(json.at("path"), snapshot().string());
  EXPECT_EQ(json.at("fetched"), false);
}

TEST_F(ModelsCommand, ContinuesAPullThatWasInterrupted) {
  std::atomic<bool> slow = true;
  const LocalServer hub([&slow](const Asked& asked) {
    Reply reply = hub_reply(asked, noise(2'500'000));
    if (asked.method == "GET" && asked.target.ends_with("model.safetensors") && slow.exchange(false))
      reply.stop_after = 2'000'000;
    return reply;
  });
  const Environment endpoint("HF_ENDPOINT", hub.address());
  const Outcome stopped = run(folder_, {"models", "pull", "org/net"},
                              {.input = {}, .stop_signal = SIGINT, .stop_when = snapshot(), .stop_bytes = 2'000'000});
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_EQ(run(folder_, {"models", "pull", "org/net"}).code, 0);
  EXPECT_EQ(hub.asked().back().headers.at("range"), "bytes=2000000-");
  EXPECT_EQ(contents(snapshot() / "model.safetensors"), noise(2'500'000));
}

TEST_F(ModelsCommand, KeepsThePartWhenTheDiskIsFull) {
  const LocalServer hub([](const Asked& asked) { return hub_reply(asked, noise(2'500'000)); });
  const Environment endpoint("HF_ENDPOINT", hub.address());
  const Outcome full = run(folder_, {"models", "pull", "org/net"}, {.input = {}, .file_limit_bytes = 1'000'000});
  EXPECT_EQ(full.code, 5) << full.err;
  EXPECT_EQ(std::filesystem::file_size(snapshot() / "model.safetensors.part"), 1'000'000U);
  EXPECT_EQ(run(folder_, {"models", "pull", "org/net"}).code, 0);
  EXPECT_EQ(hub.asked().back().headers.at("range"), "bytes=1000000-");
}

TEST_F(ModelsCommand, ExitsWithSixForWhatTheNetworkDoes) {
  const LocalServer mirror([](const Asked& asked) {
    return asked.target.ends_with("resnet34-b627a593.pth") ? Reply{.status = 404} : Reply{.body = "not the weights"};
  });
  const Environment addresses("ENXERTO_MIRROR", mirror.address());
  const Outcome missing = run(folder_, {"models", "pull", "resnet34", "--source", "torchvision"});
  EXPECT_EQ(missing.code, 6);
  EXPECT_NE(missing.err.find("(404)"), std::string::npos) << missing.err;
  const Outcome changed = run(folder_, {"models", "pull", "resnet18", "--source", "torchvision"});
  EXPECT_EQ(changed.code, 6);
  EXPECT_NE(changed.err.find("expected: f37072fd"), std::string::npos) << changed.err;
  const Environment offline("ENXERTO_OFFLINE", "1");
  EXPECT_EQ(run(folder_, {"models", "pull", "resnet18"}).code, 6);
}

TEST_F(ModelsCommand, ExitsWithTwoForNamesThatAreNotKnown) {
  EXPECT_EQ(run(folder_, {"models", "pull", "resnet81"}).code, 2);
  EXPECT_EQ(run(folder_, {"models", "pull", "org/../net"}).code, 2);
  EXPECT_EQ(run(folder_, {"models", "pull", "org/net", "--revision", "../x"}).code, 2);
  EXPECT_EQ(run(folder_, {"models", "pull"}).code, 2);
}

TEST_F(ModelsCommand, IsWhatTheErrorOfMissingWeightsAdvises) {
  test::write_class_folders(folder_ / "data", 2, 2);
  const Outcome outcome = run(folder_, {"train", (folder_ / "data").string(), "--backbone", "resnet18", "--output",
                                        (folder_ / "model").string()});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_NE(outcome.err.find("enxerto models pull resnet18"), std::string::npos) << outcome.err;
}

TEST_F(ModelsCommand, EndsQuietlyWhereNobodyReadsOn) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"models"}, {"models", "--json"}}) {
    const Outcome gone = run(folder_, command, {.reader_gone = true});
    EXPECT_EQ(gone.code, 128 + SIGPIPE);
    EXPECT_EQ(gone.err, "");
  }
}

}  // namespace
}  // namespace enxerto

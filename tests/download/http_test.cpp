#include "enxerto/download/http.h"

#include "enxerto/download/address.h"
#include "enxerto/download/download.h"
#include "tests/download/download_test_case.h"

namespace enxerto {
namespace {

using testing::Asked;
using testing::contents;
using testing::Environment;
using testing::error_of;
using testing::LocalServer;
using testing::Reply;

class HttpTest : public testing::DownloadTestCase {
 protected:
  Error refused(const std::string& address) {
    return error_of([&] { fetch(address); });
  }

  std::string fetch(const std::string& address, const std::string& token = "") {
    Download request;
    request.address = address;
    request.target = home() / "a.bin";
    request.token = token;
    request.retries = kQuick;
    request.times = kSoon;
    download(request);
    return contents(request.target);
  }
};

LocalServer::Handler always(const Reply& reply) {
  return [reply](const Asked&) { return reply; };
}

/// `count` times `reply`, then a file.
LocalServer::Handler first(int count, const Reply& reply) {
  return [left = std::make_shared<std::atomic<int>>(count), reply](const Asked&) {
    return (*left)-- > 0 ? reply : Reply{.body = "weights"};
  };
}

TEST_F(HttpTest, SendsATokenToTheServerThatItIsForAndToNoOther) {
  const LocalServer other(always({.body = "weights"}));
  const LocalServer hub([&](const Asked& asked) {
    if (asked.target == "/old") return Reply{.status = 307, .headers = {"Location: /new"}};
    return Reply{.status = 302, .headers = {"Location: " + other.address() + "/signed?key=1"}};
  });
  EXPECT_EQ(fetch(hub.address() + "/old", "secret"), "weights");
  ASSERT_EQ(hub.asked().size(), 2U);
  for (const Asked& asked : hub.asked()) EXPECT_EQ(asked.headers.at("authorization"), "Bearer secret");
  ASSERT_EQ(other.asked().size(), 1U);
  EXPECT_EQ(other.asked()[0].target, "/signed?key=1");
  EXPECT_EQ(other.asked()[0].headers.count("authorization"), 0U);
}

TEST_F(HttpTest, EndsARoundOfRedirects) {
  const LocalServer server(always({.status = 302, .headers = {"Location: /again"}}));
  const Error error = refused(server.address() + "/a");
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_NE(error.text().found.find("more than 10 times"), std::string::npos) << error.what();
  EXPECT_EQ(server.asked().size(), 11U);
}

TEST_F(HttpTest, FollowsNoRedirectToAFileOfThisMachineOrWithAName) {
  for (const char* place : {"file:///etc/hostname", "ftp://127.0.0.1/a", "http://user:word@127.0.0.1/a"}) {
    const LocalServer server(always({.status = 302, .headers = {std::string("Location: ") + place}}));
    EXPECT_EQ(refused(server.address() + "/a").kind(), ErrorKind::network) << place;
  }
  EXPECT_EQ(refused("file:///etc/hostname").kind(), ErrorKind::usage);
}

TEST_F(HttpTest, SaysWhatARefusalMeansAndAsksOnce) {
  const std::vector<std::pair<int, std::string>> words{
      {401, "HF_TOKEN"}, {403, "HF_TOKEN"}, {404, "revision"}, {410, "revision"}, {418, "418"}};
  for (const auto& [status, word] : words) {
    const LocalServer server(always({.status = status, .body = "no"}));
    const Error error = refused(server.address() + "/a");
    EXPECT_EQ(error.kind(), ErrorKind::network);
    EXPECT_EQ(error.exit_code(), 6);
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    EXPECT_NE(error.text().found.find(std::to_string(status)), std::string::npos) << error.what();
    EXPECT_EQ(server.asked().size(), 1U) << status;
  }
}

TEST_F(HttpTest, TriesAgainWhenTheServerFailsForAWhile) {
  for (const int status : {500, 502, 503, 504, 408}) {
    const LocalServer server(first(2, {.status = status}));
    std::filesystem::remove(home() / "a.bin");
    EXPECT_EQ(fetch(server.address() + "/a"), "weights") << status;
    EXPECT_EQ(server.asked().size(), 3U);
  }
}

TEST_F(HttpTest, GivesUpAfterSomeAttempts) {
  const LocalServer server(always({.status = 503}));
  EXPECT_NE(refused(server.address() + "/a").text().found.find("503"), std::string::npos);
  EXPECT_EQ(server.asked().size(), 3U);
}

TEST_F(HttpTest, WaitsAsLongAsTheServerAsks) {
  const LocalServer server(first(1, {.status = 429, .headers = {"Retry-After: 1"}}));
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(fetch(server.address() + "/a"), "weights");
  EXPECT_GE(std::chrono::steady_clock::now() - started, std::chrono::milliseconds(990));
}

TEST_F(HttpTest, GivesUpWhereTheServerAsksForTooMuchPatience) {
  const LocalServer server(always({.status = 429, .headers = {"Retry-After: 86400"}}));
  const Error error = refused(server.address() + "/a");
  EXPECT_NE(error.text().found.find("86400 s"), std::string::npos) << error.what();
  EXPECT_EQ(server.asked().size(), 1U);
}

TEST_F(HttpTest, SaysThatNothingComes) {
  const LocalServer server(always({.body = "weights", .stall_ms = 4000}));
  Download request;
  request.address = server.address() + "/a";
  request.target = home() / "a.bin";
  request.retries.attempts = 1;
  request.times = kSoon;
  const Error error = error_of([&] { download(request); });
  EXPECT_NE(error.text().found.find("no more data arrives"), std::string::npos) << error.what();
}

TEST_F(HttpTest, SaysThatNobodyAnswers) {
  std::string gone;
  {
    const LocalServer server(always({}));
    gone = server.address();
  }
  const Error error = refused(gone + "/a");
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_NE(error.text().found.find("cannot be reached"), std::string::npos) << error.what();
}

TEST_F(HttpTest, SaysThatNoEncryptedConnectionCanBeMade) {
  const LocalServer server(always({.body = "weights"}));
  const Error error = refused("https" + server.address().substr(4) + "/a");
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_NE(error.text().found.find("no encrypted connection"), std::string::npos) << error.what();
}

TEST_F(HttpTest, SaysThatTheProxyIsNotKnown) {
  const Environment chosen("http_proxy", "http://proxy.invalid:3128");
  const Error error = refused("http://models.invalid/a");
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_NE(error.text().tip.find("proxy"), std::string::npos) << error.what();
}

TEST_F(HttpTest, UsesTheProxyOfTheEnvironment) {
  const LocalServer proxy(always({.body = "weights"}));
  const Environment chosen("http_proxy", proxy.address());
  EXPECT_EQ(fetch("http://models.invalid/a?b=c"), "weights");
  ASSERT_EQ(proxy.asked().size(), 1U);
  EXPECT_EQ(proxy.asked()[0].target, "http://models.invalid/a?b=c");
}

TEST_F(HttpTest, GoesAroundTheProxyWhereTheEnvironmentSaysSo) {
  const LocalServer proxy(always({.status = 403})), server(always({.body = "weights"}));
  const Environment chosen("http_proxy", proxy.address()), around("no_proxy", "127.0.0.1");
  EXPECT_EQ(fetch(server.address() + "/a"), "weights");
  EXPECT_TRUE(proxy.asked().empty());
}

TEST_F(HttpTest, UsesNoNetworkWhereTheEnvironmentForbidsIt) {
  const LocalServer server(always({.body = "weights"}));
  for (const char* name : {"ENXERTO_OFFLINE", "HF_HUB_OFFLINE"}) {
    const Environment offline(name, "1");
    const Error error = refused(server.address() + "/a");
    EXPECT_EQ(error.kind(), ErrorKind::network);
    EXPECT_NE(error.text().found.find(name), std::string::npos) << error.what();
  }
  EXPECT_TRUE(server.asked().empty());
  const Environment online("HF_HUB_OFFLINE", "0");
  EXPECT_EQ(fetch(server.address() + "/a"), "weights");
}

TEST(Address, HasAnOriginThatDecidesWhoSeesASecret) {
  EXPECT_EQ(origin_of("https://Hub.Example/a?b#c"), "https://hub.example:443");
  EXPECT_EQ(origin_of("http://hub.example:8080/a"), "http://hub.example:8080");
  EXPECT_NE(origin_of("https://hub.example.evil/a"), origin_of("https://hub.example/a"));
  EXPECT_EQ(error_of([] { origin_of("https://hub.example@evil.example/a"); }).kind(), ErrorKind::usage);
}

TEST(Address, LeadsFromAnEncryptedConnectionToNoPlainOne) {
  EXPECT_FALSE(may_lead(origin_of("https://hub.example/a"), origin_of("http://hub.example/a")));
  EXPECT_TRUE(may_lead(origin_of("https://hub.example/a"), origin_of("https://cdn.example/a")));
  EXPECT_TRUE(may_lead(origin_of("http://127.0.0.1:8000/a"), origin_of("http://127.0.0.1:8001/a")));
}

TEST(Address, IsMirroredWithItsPath) {
  EXPECT_EQ(with_origin("https://a.example/models/x.pth", "http://127.0.0.1:8000/mirror/"),
            "http://127.0.0.1:8000/mirror/models/x.pth");
  EXPECT_EQ(file_of_address("https://a.example/models/x.pth?download=true"), "x.pth");
}

}  // namespace
}  // namespace enxerto

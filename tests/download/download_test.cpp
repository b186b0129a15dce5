#include "enxerto/download/download.h"

#include <thread>

#include "tests/download/download_test_case.h"

namespace enxerto {
namespace {

using testing::Asked;
using testing::contents;
using testing::error_of;
using testing::file_reply;
using testing::LocalServer;
using testing::md5_of;
using testing::noise;
using testing::put;
using testing::Reply;
using testing::sha256_of;

const std::string kBody = noise(3'000'000);

class DownloadTest : public testing::DownloadTestCase {
 protected:
  std::filesystem::path target() const { return home() / "weights" / "a.bin"; }
  std::filesystem::path part() const { return home() / "weights" / "a.bin.part"; }

  Download request(const LocalServer& server, const std::string& body = kBody) const {
    Download request;
    request.address = server.address() + "/models/a.bin";
    request.target = target();
    request.sha256 = sha256_of(body);
    request.retries = kQuick;
    request.times = kSoon;
    return request;
  }
};

Reply good(const Asked& asked) { return file_reply(asked, kBody, "\"1\""); }

/// The first reply breaks off in the middle.
LocalServer::Handler breaks_off_once(const std::string& body, const std::string& etag) {
  return [body, etag, broken = std::make_shared<std::atomic<bool>>(false)](const Asked& asked) {
    Reply reply = file_reply(asked, body, etag);
    if (!broken->exchange(true)) reply.stop_after = body.size() / 2;
    return reply;
  };
}

struct Watcher : Progress {
  std::size_t total = 0, done = 0, cancel_at = 1'000'000;
  std::string part;
  std::vector<std::string> notices;
  void begin(std::string_view name, std::size_t steps) override {
    part = name;
    total = steps;
    done = 0;
  }
  void advance(std::size_t steps) override { done += steps; }
  void notice(std::string_view text) override { notices.emplace_back(text); }
  bool cancelled() const override { return done >= cancel_at; }
};

TEST_F(DownloadTest, FetchesAFileWholeAndChecked) {
  const LocalServer server(good);
  Watcher watcher;
  const Downloaded done = download(request(server), watcher);
  EXPECT_TRUE(done.fetched);
  EXPECT_EQ(done.sha256, sha256_of(kBody));
  EXPECT_EQ(done.size, kBody.size());
  EXPECT_EQ(contents(target()), kBody);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(target().parent_path()), {}), 1);
  EXPECT_EQ(watcher.part, "download a.bin (MB)");
  EXPECT_EQ(watcher.total, 3U);
  EXPECT_EQ(watcher.done, 3U);
}

TEST_F(DownloadTest, ContinuesWhereTheConnectionBroke) {
  const LocalServer server(breaks_off_once(kBody, "\"1\""));
  download(request(server));
  EXPECT_EQ(contents(target()), kBody);
  ASSERT_EQ(server.asked().size(), 2U);
  EXPECT_EQ(server.asked()[1].headers.at("range"), "bytes=1500000-");
  EXPECT_EQ(server.asked()[1].headers.at("if-range"), "\"1\"");
}

TEST_F(DownloadTest, KeepsThePartForTheNextRun) {
  const LocalServer server(breaks_off_once(kBody, "\"1\""));
  Download once = request(server);
  once.retries.attempts = 1;
  EXPECT_EQ(error_of([&] { download(once); }).kind(), ErrorKind::network);
  EXPECT_FALSE(std::filesystem::exists(target()));
  EXPECT_EQ(std::filesystem::file_size(part()), kBody.size() / 2);
  download(once);
  EXPECT_EQ(server.asked()[1].headers.at("range"), "bytes=1500000-");
  EXPECT_EQ(contents(target()), kBody);
  EXPECT_FALSE(std::filesystem::exists(part()));
}

TEST_F(DownloadTest, BeginsAnewWhenTheFileHasChangedInBetween) {
  const std::string changed = noise(2'000'000, 7);
  std::atomic<int> count = 0;
  const LocalServer server([&](const Asked& asked) {
    if (count++ > 0) return file_reply(asked, changed, "\"2\"");
    Reply reply = good(asked);
    reply.stop_after = 1'234'567;
    return reply;
  });
  Watcher watcher;
  download(request(server, changed), watcher);
  EXPECT_EQ(contents(target()), changed);
  EXPECT_EQ(server.asked().size(), 2U);
  ASSERT_EQ(watcher.notices.size(), 1U);
  EXPECT_NE(watcher.notices[0].find("starting again"), std::string::npos);
}

TEST_F(DownloadTest, BeginsAnewWhereTheServerSendsAnotherPartThanWasAskedFor) {
  const LocalServer server([&](const Asked& asked) {
    Reply reply = good(asked);
    if (reply.status == 200 && !std::filesystem::exists(part().string() + ".seen")) {
      put(part().string() + ".seen", "");
      reply.stop_after = 1'000'000;
    }
    for (std::string& header : reply.headers)
      if (header.starts_with("Content-Range")) header = "Content-Range: bytes 5-2999999/3000000";
    return reply;
  });
  download(request(server));
  EXPECT_EQ(contents(target()), kBody);
  EXPECT_EQ(server.asked().size(), 3U);
  EXPECT_EQ(server.asked()[2].headers.count("range"), 0U);
}

TEST_F(DownloadTest, EndsWhereAServerSendsPartsThatNobodyAskedFor) {
  const LocalServer server(
      [](const Asked&) { return Reply{.status = 206, .headers = {"Content-Range: bytes 7-9/10"}, .body = "xyz"}; });
  EXPECT_EQ(error_of([&] { download(request(server)); }).kind(), ErrorKind::network);
  EXPECT_LE(server.asked().size(), 5U);
}

TEST_F(DownloadTest, AsksForTheWholeWhereTheServerNamesNoVersion) {
  std::atomic<int> count = 0;
  const LocalServer server(
      [&](const Asked&) { return Reply{.body = kBody, .stop_after = count++ == 0 ? 1'000'000 : std::string::npos}; });
  Download once = request(server);
  once.retries.attempts = 1;
  EXPECT_EQ(error_of([&] { download(once); }).kind(), ErrorKind::network);
  download(once);
  EXPECT_EQ(server.asked()[1].headers.count("range"), 0U);
  EXPECT_EQ(contents(target()), kBody);
}

TEST_F(DownloadTest, BeginsAnewWhenAPartWasDamagedOnTheDisk) {
  const LocalServer server(breaks_off_once(kBody, "\"1\""));
  Download once = request(server);
  once.retries.attempts = 1;
  EXPECT_EQ(error_of([&] { download(once); }).kind(), ErrorKind::network);
  std::fstream(part(), std::ios::in | std::ios::out | std::ios::binary).seekp(5000).put('!').put('?');
  download(once);
  EXPECT_EQ(contents(target()), kBody);
  EXPECT_EQ(server.asked().size(), 3U);
}

TEST_F(DownloadTest, TakesAFileWhoseLengthIsNotSaid) {
  const LocalServer server([](const Asked&) { return Reply{.body = kBody, .says_length = false}; });
  download(request(server));
  EXPECT_EQ(contents(target()), kBody);
}

TEST_F(DownloadTest, FetchesNothingThatIsThereAlready) {
  const LocalServer server(good);
  put(target(), kBody);
  const Downloaded done = download(request(server));
  EXPECT_FALSE(done.fetched);
  EXPECT_EQ(done.sha256, sha256_of(kBody));
  EXPECT_TRUE(server.asked().empty());
  put(target(), "damaged");
  EXPECT_TRUE(download(request(server)).fetched);
  EXPECT_EQ(contents(target()), kBody);
}

TEST_F(DownloadTest, FetchesWhatTwoWantAtOnceOnce) {
  const LocalServer server([](const Asked& asked) {
    Reply reply = good(asked);
    reply.stall_ms = 200;
    return reply;
  });
  std::atomic<int> fetched = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([&] { fetched += download(request(server)).fetched ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fetched, 1);
  EXPECT_EQ(server.asked().size(), 1U);
  EXPECT_EQ(contents(target()), kBody);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(target().parent_path()), {}), 1);
}

TEST_F(DownloadTest, RefusesAWrongDigestAndKeepsNothingOfIt) {
  const LocalServer server(good);
  const Error error = error_of([&] { download(request(server, "something else")); });
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_NE(error.text().found.find(sha256_of(kBody)), std::string::npos) << error.what();
  EXPECT_EQ(error.text().expected, sha256_of("something else"));
  EXPECT_TRUE(std::filesystem::is_empty(target().parent_path()));
}

TEST_F(DownloadTest, ChecksAnMd5AndTheFirstDigitsOfASha256) {
  const LocalServer server(good);
  Download by_md5 = request(server);
  by_md5.sha256 = "";
  by_md5.md5 = md5_of("something else");
  EXPECT_NE(error_of([&] { download(by_md5); }).text().found.find("MD5"), std::string::npos);
  by_md5.md5 = md5_of(kBody);
  EXPECT_EQ(download(by_md5).md5, md5_of(kBody));
  Download by_prefix = request(server);
  by_prefix.sha256.resize(8);
  EXPECT_FALSE(download(by_prefix).fetched);
}

TEST_F(DownloadTest, RefusesAnotherSizeThanIsKnownBeforeItIsFetched) {
  const LocalServer server(good);
  Download sized = request(server);
  sized.size = 17;
  EXPECT_EQ(error_of([&] { download(sized); }).text().expected, "17");
  sized.size = 0;
  sized.limit = 1000;
  EXPECT_EQ(error_of([&] { download(sized); }).text().expected, "at most 1000");
  EXPECT_TRUE(std::filesystem::is_empty(target().parent_path()));
}

TEST_F(DownloadTest, StopsWhereMoreComesThanIsAllowed) {
  const LocalServer server([](const Asked&) { return Reply{.body = kBody, .says_length = false}; });
  Download limited = request(server);
  limited.limit = 1'000'000;
  EXPECT_NE(error_of([&] { download(limited); }).text().found.find("more bytes"), std::string::npos);
}

TEST_F(DownloadTest, RefusesAnEmptyFile) {
  const LocalServer server([](const Asked&) { return Reply{}; });
  Download unknown = request(server);
  unknown.sha256 = "";
  EXPECT_NE(error_of([&] { download(unknown); }).text().found.find("empty"), std::string::npos);
}

TEST_F(DownloadTest, TellsAWebPageFromAFile) {
  for (const bool honest : {true, false}) {
    const LocalServer server([honest](const Asked&) {
      return Reply{.headers = {honest ? "Content-Type: text/html; charset=utf-8" : "Content-Type: application/zip"},
                   .body = "\n <!DOCTYPE html><html>Please log in</html>"};
    });
    const Error error = error_of([&] { download(request(server)); });
    EXPECT_EQ(error.kind(), ErrorKind::network);
    EXPECT_NE(error.text().found.find("web page"), std::string::npos) << error.what();
    EXPECT_TRUE(std::filesystem::is_empty(target().parent_path()));
  }
}

TEST_F(DownloadTest, GivesUpOnAFileThatNeverComesWholeAndKeepsThePart) {
  const LocalServer server([](const Asked&) {
    return Reply{.headers = {"ETag: \"1\""}, .body = kBody.substr(0, 400'000), .claimed = kBody.size()};
  });
  const Error error = error_of([&] { download(request(server)); });
  EXPECT_EQ(error.kind(), ErrorKind::network);
  EXPECT_EQ(server.asked().size(), 3U);
  EXPECT_TRUE(std::filesystem::exists(part()));
}

TEST_F(DownloadTest, StopsWhenItIsCancelledAndKeepsThePart) {
  const LocalServer server([](const Asked& asked) {
    Reply reply = good(asked);
    reply.stop_after = 1'500'000;
    return reply;
  });
  Watcher watcher;
  watcher.cancel_at = 1;
  EXPECT_EQ(error_of([&] { download(request(server), watcher); }).kind(), ErrorKind::interrupted);
  EXPECT_GE(std::filesystem::file_size(part()), 1'000'000U);
}

TEST_F(DownloadTest, SaysThatTheDiskDoesNotTakeIt) {
  const LocalServer server(good);
  put(target().parent_path(), "a file where the folder should be");
  EXPECT_EQ(error_of([&] { download(request(server)); }).kind(), ErrorKind::disk);
}

}  // namespace
}  // namespace enxerto

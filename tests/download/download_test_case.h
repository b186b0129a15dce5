#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/download/http.h"
#include "enxerto/download/retries.h"
#include "tests/download/local_server.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto::testing {

/// A home of its own, and no word of the environment that the machine may have.
class DownloadTestCase : public ::testing::Test {
 protected:
  std::filesystem::path home() const { return directory_.path(); }

  static constexpr RetryOptions kQuick{
      .attempts = 3, .first_wait = std::chrono::milliseconds(1), .longest_wait = std::chrono::milliseconds(2000)};
  static constexpr HttpTimes kSoon{.connect = std::chrono::milliseconds(2000), .stall = std::chrono::seconds(1)};

 private:
  TemporaryDirectory directory_;
  Environment home_{"HOME", directory_.path().string()};
  Environment cache_{"XDG_CACHE_HOME", (directory_ / "cache").string()};
  Environment weights_{"ENXERTO_WEIGHTS", ""}, mirror_{"ENXERTO_MIRROR", ""}, offline_{"ENXERTO_OFFLINE", ""};
  Environment torch_{"TORCH_HOME", ""}, keras_{"KERAS_HOME", ""};
  Environment endpoint_{"HF_ENDPOINT", ""}, hub_offline_{"HF_HUB_OFFLINE", ""}, token_{"HF_TOKEN", ""};
  Environment token_path_{"HF_TOKEN_PATH", ""}, hub_home_{"HF_HOME", ""}, hub_cache_{"HF_HUB_CACHE", ""};
  Environment old_cache_{"HUGGINGFACE_HUB_CACHE", ""}, implicit_{"HF_HUB_DISABLE_IMPLICIT_TOKEN", ""};
  Environment proxy_{"http_proxy", ""}, all_proxy_{"all_proxy", ""}, upper_all_proxy_{"ALL_PROXY", ""};
  Environment no_proxy_{"no_proxy", ""}, upper_no_proxy_{"NO_PROXY", ""};
};

/// What a call throws; kind `other` with "no error" where it does not.
inline Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::other, {.where = "no error", .found = "", .expected = "", .tip = ""}};
}

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void put(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string sha256_of(const std::string& text) { return sha256(std::as_bytes(std::span(text))); }
inline std::string md5_of(const std::string& text) { return md5(std::as_bytes(std::span(text))); }

}  // namespace enxerto::testing

#include "enxerto/download/curl_library.h"

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/system_library.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse_library(const std::string& found) {
  throw network_error(
      "libcurl", found, "libcurl.so.4, version 7.85 or newer",
      "apt-get install libcurl4; or fetch the file by other means and name it: backbone.weights = FILE");
}

CurlLibrary open_curl() {
  const SystemLibrary library({"libcurl.so.4", "libcurl-gnutls.so.4"}, refuse_library);
  CurlLibrary curl;
  library.find("curl_global_init", curl.global_init);
  library.find("curl_easy_init", curl.easy_init);
  library.find("curl_easy_setopt", curl.easy_setopt);
  library.find("curl_easy_getinfo", curl.easy_getinfo);
  library.find("curl_easy_perform", curl.easy_perform);
  library.find("curl_easy_cleanup", curl.easy_cleanup);
  library.find("curl_easy_strerror", curl.easy_strerror);
  library.find("curl_slist_append", curl.slist_append);
  library.find("curl_slist_free_all", curl.slist_free_all);
  library.find("curl_url", curl.url);
  library.find("curl_url_set", curl.url_set);
  library.find("curl_url_get", curl.url_get);
  library.find("curl_url_cleanup", curl.url_cleanup);
  library.find("curl_free", curl.free);
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) refuse_library("it cannot be started");
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary curl = open_curl();
  return curl;
}

}  // namespace enxerto

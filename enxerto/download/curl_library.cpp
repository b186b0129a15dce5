#include "enxerto/download/curl_library.h"

#include <dlfcn.h>

#include <string>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse_library(const std::string& found) {
  throw network_error("libcurl", found, "libcurl.so.4, version 7.85 or newer",
                      "apt-get install libcurl4; or fetch the file by other means and name it: --weights FILE");
}

void* open_library() {
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4"})
    if (void* const library = dlopen(name, RTLD_LAZY | RTLD_LOCAL)) return library;
  const char* const why = dlerror();
  refuse_library(why == nullptr ? "it cannot be opened" : why);
}

template <typename Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  if (function == nullptr) refuse_library(std::string("it has no ") + name);
}

CurlLibrary open_curl() {
  void* const library = open_library();
  CurlLibrary curl;
  find(library, "curl_global_init", curl.global_init);
  find(library, "curl_easy_init", curl.easy_init);
  find(library, "curl_easy_setopt", curl.easy_setopt);
  find(library, "curl_easy_getinfo", curl.easy_getinfo);
  find(library, "curl_easy_perform", curl.easy_perform);
  find(library, "curl_easy_cleanup", curl.easy_cleanup);
  find(library, "curl_easy_strerror", curl.easy_strerror);
  find(library, "curl_slist_append", curl.slist_append);
  find(library, "curl_slist_free_all", curl.slist_free_all);
  find(library, "curl_url", curl.url);
  find(library, "curl_url_set", curl.url_set);
  find(library, "curl_url_get", curl.url_get);
  find(library, "curl_url_cleanup", curl.url_cleanup);
  find(library, "curl_free", curl.free);
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) refuse_library("it cannot be started");
  return curl;
}

}  // namespace

const CurlLibrary& curl_library() {
  static const CurlLibrary curl = open_curl();
  return curl;
}

}  // namespace enxerto

#include "enxerto/download/http.h"

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/version.h"
#include "enxerto/download/address.h"
#include "enxerto/download/curl_library.h"
#include "enxerto/download/environment.h"

namespace enxerto {
namespace {

constexpr int kMostRedirects = 10;
constexpr std::size_t kMostHeaderBytes = 1U << 20U;
constexpr std::size_t kMostThrownAway = 1U << 20U;
constexpr std::array kRedirects{301, 302, 303, 307, 308};

/// One hop: a request, and what libcurl's callbacks gather of its answer.
class Hop {
 public:
  Hop(const HttpRequest& request, HttpBody& body, const Progress& progress)
      : request_(request), body_(body), progress_(progress), curl_(curl_library()), handle_(curl_.easy_init()) {
    if (!handle_) throw std::bad_alloc();
  }

  HttpAnswer perform(const std::string& address, bool with_token) {
    set_up(address);
    send_headers(with_token);
    const CURLcode code = curl_.easy_perform(handle_.get());
    if (thrown_) std::rethrow_exception(thrown_);
    throw_if_cancelled(progress_);
    answer_.status = status();
    curl_off_t retry_after = 0;
    if (curl_.easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK)
      answer_.retry_after = std::chrono::seconds(std::max<curl_off_t>(retry_after, 0));
    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && !wanted())) {
      answer_.failure = static_cast<int>(code);
      answer_.failure_text = error_.front() != '\0' ? error_.data() : curl_.easy_strerror(code);
    } else if (wanted() && !begun_ && !request_.head) {
      body_.begin(answer_);
    }
    return answer_;
  }

  /// Where the answer sends us on, whole; "" where it does not.
  std::string redirect() const {
    if (std::find(kRedirects.begin(), kRedirects.end(), answer_.status) == kRedirects.end()) return "";
    const char* next = nullptr;
    curl_.easy_getinfo(handle_.get(), CURLINFO_REDIRECT_URL, &next);
    return next == nullptr ? "" : next;
  }

 private:
  struct Cleanup {
    void operator()(CURL* handle) const { curl_library().easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_library().slist_free_all(list); }
  };

  template <typename T>
  void set(CURLoption option, T value) {
    const CURLcode code = curl_.easy_setopt(handle_.get(), option, value);
    if (code == CURLE_OK) return;
    throw network_error("libcurl", fmt::format("it rejects an option ({})", curl_.easy_strerror(code)),
                        "version 7.85 or newer");
  }

  void set_up(const std::string& address) {
    set(CURLOPT_URL, address.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOBODY, request_.head ? 1L : 0L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_BUFFERSIZE, 256L * 1024L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.times.connect.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request_.times.stall.count()));
    set(CURLOPT_USERAGENT, user_agent_.c_str());
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_HEADERFUNCTION, &Hop::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &Hop::on_bytes);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_XFERINFOFUNCTION, &Hop::on_tick);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
  }

  void send_headers(bool with_token) {
    add_header("Accept-Encoding: identity");
    for (const std::string& header : request_.headers) add_header(header);
    if (with_token) add_header("Authorization: Bearer " + request_.token);
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  void add_header(const std::string& header) {
    curl_slist* const longer = curl_.slist_append(headers_.get(), header.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)headers_.release();  // NOLINT(bugprone-unused-return-value): `longer` is it
    headers_.reset(longer);
  }

  int status() const {
    long status = 0;
    curl_.easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }

  bool wanted() const { return answer_.status == 200 || answer_.status == 206; }

  /// A status line begins the headers of another answer, as after "100 Continue".
  bool take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > kMostHeaderBytes) return false;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) answer_.headers.clear();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    const std::string name = lower_case(line.substr(0, colon));
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    answer_.headers[name] = std::string(value);
    return true;
  }

  bool take_bytes(std::span<const std::byte> bytes) {
    answer_.status = status();
    if (!wanted()) {
      thrown_away_ += bytes.size();
      return thrown_away_ <= kMostThrownAway;
    }
    if (!begun_) body_.begin(answer_);
    begun_ = true;
    body_.add(bytes);
    return true;
  }

  // libcurl is C: an exception waits until it has returned.
  template <typename Work>
  bool guarded(Work work) noexcept {
    try {
      return work();
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) {
    Hop& hop = *static_cast<Hop*>(self);
    return hop.guarded([&] { return hop.take_header({data, size * count}); }) ? size * count : 0;
  }

  static std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* self) {
    Hop& hop = *static_cast<Hop*>(self);
    const auto bytes = std::as_bytes(std::span<const char>(data, size * count));
    return hop.guarded([&] { return hop.take_bytes(bytes); }) ? size * count : 0;
  }

  static int on_tick(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Hop*>(self)->progress_.cancelled() ? 1 : 0;
  }

  const HttpRequest& request_;
  HttpBody& body_;
  const Progress& progress_;
  const CurlLibrary& curl_;
  std::unique_ptr<CURL, Cleanup> handle_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  const std::string user_agent_ = fmt::format("enxerto/{}", version());
  std::array<char, CURL_ERROR_SIZE> error_{};
  HttpAnswer answer_;
  std::exception_ptr thrown_;
  std::size_t header_bytes_ = 0, thrown_away_ = 0;
  bool begun_ = false;
};

void refuse_offline(const std::string& address) {
  const std::string variable = offline_by();
  if (variable.empty()) return;
  throw network_error(address, variable + " is set, so nothing is downloaded", "",
                      "unset " + variable + ", or name a file: backbone.weights = FILE");
}

[[noreturn]] void refuse_redirect(const std::string& address, const std::string& found) {
  throw network_error(address, found, "", "check the address, the proxy and HF_ENDPOINT or ENXERTO_MIRROR");
}

/// Only http and https are followed: a server could name a file of ours.
std::string origin_of_redirect(const std::string& address, const std::string& next) {
  try {
    return origin_of(next);
  } catch (const Error&) {
    refuse_redirect(address, "the server redirects to something other than an http address");
  }
}

}  // namespace

HttpAnswer http_exchange(const HttpRequest& request, HttpBody& body, const Progress& progress) {
  refuse_offline(request.address);
  throw_if_cancelled(progress);
  const std::string home = origin_of(request.address);
  std::string address = request.address, origin = home;
  HttpHeaders first;
  for (int hop = 0; hop <= kMostRedirects; ++hop) {
    Hop now(request, body, progress);
    HttpAnswer answer = now.perform(address, !request.token.empty() && origin == home);
    if (hop == 0) first = answer.headers;
    answer.first = first;
    const std::string next = answer.failure == 0 ? now.redirect() : "";
    if (next.empty()) return answer;
    const std::string next_origin = origin_of_redirect(request.address, next);
    if (request.head && next_origin != home) return answer;
    if (!may_lead(origin, next_origin))
      refuse_redirect(request.address, "the server redirects from https to plain http, " + next_origin);
    address = next;
    origin = next_origin;
  }
  refuse_redirect(request.address, fmt::format("the server redirects more than {} times", kMostRedirects));
}

}  // namespace enxerto

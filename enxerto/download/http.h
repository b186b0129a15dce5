#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"

namespace enxerto {

/// By their names in lower case; where one comes twice, its last value.
using HttpHeaders = std::map<std::string, std::string>;

struct HttpTimes {
  std::chrono::milliseconds connect{20'000};
  std::chrono::seconds stall{30};  ///< without a byte
};

struct HttpRequest {
  std::string address = {};               ///< http or https
  bool head = false;                      ///< no body; a redirect to another origin is the answer, not followed
  std::vector<std::string> headers = {};  ///< "Range: bytes=5-"
  std::string token = {};                 ///< sent as bearer to the origin of `address` alone, on no redirect elsewhere
  HttpTimes times = {};
};

struct HttpAnswer {
  int status = 0;                       ///< of the last hop; 0 where none came
  int failure = 0;                      ///< libcurl's code where the exchange failed; 0 where it is complete
  std::string failure_text;             ///< its message
  HttpHeaders headers;                  ///< of the last hop
  HttpHeaders first;                    ///< of the first hop
  std::chrono::seconds retry_after{0};  ///< as the server asks; 0 where it does not
};

/// Takes the body of an answer of status 200 or 206; others are thrown away.
class HttpBody {
 public:
  virtual ~HttpBody() = default;

  /// Called once before the first byte, also where none follows. An exception ends the exchange and comes out of it.
  virtual void begin(const HttpAnswer& answer) = 0;
  virtual void add(std::span<const std::byte> bytes) = 0;
};

/// One GET or HEAD with its redirects, at most ten, never from https to http; through the proxy that the environment
/// names (https_proxy, http_proxy, all_proxy, no_proxy). Throws Error{network} where ENXERTO_OFFLINE or HF_HUB_OFFLINE
/// forbids it, where libcurl is missing and for such redirects, Error{usage} for a bad address, Error{interrupted} when
/// cancelled. Everything else that goes wrong is in the answer.
HttpAnswer http_exchange(const HttpRequest& request, HttpBody& body, const Progress& progress = no_progress());

}  // namespace enxerto

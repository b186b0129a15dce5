#include "enxerto/download/http_error.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <curl/curl.h>
#include <fmt/format.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

struct Trouble {
  int code;
  bool passes;  ///< may be over by itself in a moment
  std::string_view found, tip;
};

constexpr std::string_view kTokenTip =
    "HF_TOKEN=TOKEN, made at https://huggingface.co/settings/tokens, of an account that has accepted the model's terms";
constexpr std::string_view kLaterTip = "the same command again later; what was downloaded so far is kept";
constexpr std::string_view kNetworkTip = "check the connection and https_proxy; what was downloaded so far is kept";
constexpr std::string_view kCertificateTip =
    "check the clock of this machine, its package ca-certificates, and a proxy in between";

constexpr std::array kStatuses{
    Trouble{401, false, "the server requires a login, or has no such model (401)", kTokenTip},
    Trouble{403, false, "the server does not allow it (403)", kTokenTip},
    Trouble{404, false, "there is no such file (404)", "check the name and the revision"},
    Trouble{407, false, "the proxy requires a login (407)", "https_proxy=http://USER:PASSWORD@HOST:PORT"},
    Trouble{408, true, "the server timed out (408)", kLaterTip},
    Trouble{410, false, "the file is gone (410)", "check the name and the revision"},
    Trouble{429, true, "too many requests from this address (429)", kLaterTip},
    Trouble{500, true, "the server failed (500)", kLaterTip},
    Trouble{502, true, "the server failed (502)", kLaterTip},
    Trouble{503, true, "the server is too busy (503)", kLaterTip},
    Trouble{504, true, "the server failed (504)", kLaterTip},
};

constexpr std::array kFailures{
    Trouble{CURLE_COULDNT_RESOLVE_PROXY, false, "the proxy's name cannot be resolved", "check https_proxy"},
    Trouble{CURLE_COULDNT_RESOLVE_HOST, false, "the server's name cannot be resolved", kNetworkTip},
    Trouble{CURLE_COULDNT_CONNECT, true, "the server cannot be reached", kNetworkTip},
    Trouble{CURLE_OPERATION_TIMEDOUT, true, "no more data arrives", kNetworkTip},
    Trouble{CURLE_PARTIAL_FILE, true, "the connection closed before the file was complete", kLaterTip},
    Trouble{CURLE_GOT_NOTHING, true, "the server closed the connection without an answer", kLaterTip},
    Trouble{CURLE_RECV_ERROR, true, "the connection was lost", kLaterTip},
    Trouble{CURLE_SEND_ERROR, true, "the connection was lost", kLaterTip},
    Trouble{CURLE_HTTP2, true, "the connection was lost", kLaterTip},
    Trouble{CURLE_HTTP2_STREAM, true, "the connection was lost", kLaterTip},
    Trouble{CURLE_SSL_CONNECT_ERROR, false, "no encrypted connection can be established", kCertificateTip},
    Trouble{CURLE_PEER_FAILED_VERIFICATION, false, "the server's certificate is not trusted", kCertificateTip},
    Trouble{CURLE_SSL_CACERT_BADFILE, false, "the list of trusted certificates cannot be read", kCertificateTip},
};

Trouble trouble_of(const HttpAnswer& answer) {
  const auto is = [](int code) { return [code](const Trouble& trouble) { return trouble.code == code; }; };
  if (answer.failure != 0) {
    const auto* const row = std::find_if(kFailures.begin(), kFailures.end(), is(answer.failure));
    return row != kFailures.end() ? *row : Trouble{answer.failure, false, "the download failed", kNetworkTip};
  }
  const auto* const row = std::find_if(kStatuses.begin(), kStatuses.end(), is(answer.status));
  if (row != kStatuses.end()) return *row;
  return {answer.status, answer.status >= 500, "the server did not send the file", "check the address"};
}

}  // namespace

bool is_success(const HttpAnswer& answer) {
  return answer.failure == 0 && (answer.status == 200 || answer.status == 206);
}

bool may_pass(const HttpAnswer& answer) { return trouble_of(answer).passes; }

void throw_http_error(const std::string& address, const HttpAnswer& answer) {
  const Trouble trouble = trouble_of(answer);
  std::string found(trouble.found);
  if (answer.failure != 0)
    found += fmt::format(" ({})", answer.failure_text);
  else if (found.find(std::to_string(answer.status)) == std::string::npos)
    found += fmt::format(" ({})", answer.status);
  if (answer.retry_after.count() > 0) found += fmt::format("; it asks to wait {} s", answer.retry_after.count());
  throw network_error(address, found, "", std::string(trouble.tip));
}

}  // namespace enxerto

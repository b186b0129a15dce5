#include "enxerto/download/address.h"

#include <algorithm>
#include <memory>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/download/curl_library.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse(const std::string& address) {
  throw usage_error(address, "not an address to download from", "https://HOST/PATH, without a user's name");
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_library().url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part, const std::string& address) {
  char* text = nullptr;
  if (curl_library().url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK || text == nullptr) refuse(address);
  std::string copy = text;
  curl_library().free(text);
  return copy;
}

}  // namespace

std::string origin_of(const std::string& address) {
  const std::unique_ptr<CURLU, FreeUrl> url(curl_library().url());
  if (!url || curl_library().url_set(url.get(), CURLUPART_URL, address.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
    refuse(address);
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME, address);
  if (scheme != "http" && scheme != "https") refuse(address);
  const std::string host = lower_case(part_of(url.get(), CURLUPART_HOST, address));
  return scheme + "://" + host + ":" + part_of(url.get(), CURLUPART_PORT, address);
}

bool may_lead(const std::string& from_origin, const std::string& to_origin) {
  return !from_origin.starts_with("https://") || to_origin.starts_with("https://");
}

std::string with_origin(const std::string& address, const std::string& other) {
  const std::size_t host = address.find("://");
  if (host == std::string::npos) refuse(address);
  const std::size_t path = address.find('/', host + 3);
  std::string start = other;
  while (start.ends_with('/')) start.pop_back();
  return path == std::string::npos ? start : start + address.substr(path);
}

std::string file_of_address(std::string_view address) {
  const std::string_view path = address.substr(0, address.find_first_of("?#"));
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace enxerto

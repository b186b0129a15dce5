#include "enxerto/download/hub_access.h"

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/download/address.h"
#include "enxerto/download/environment.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::string_view kHub = "https://huggingface.co";
constexpr std::size_t kLongestName = 96, kLongestRevision = 200, kLongestToken = 4096;

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kLongestName) return false;
  const auto is_edge = [](char c) { return c == '.' || c == '-'; };
  return std::all_of(text.begin(), text.end(), is_name_letter) && !is_edge(text.front()) && !is_edge(text.back()) &&
         text.find("--") == std::string_view::npos && text.find("..") == std::string_view::npos;
}

bool is_revision(std::string_view text) {
  return !text.empty() && text.size() <= kLongestRevision && text.front() != '/' && text.back() != '/' &&
         text.front() != '-' && text.find("..") == std::string_view::npos && text.front() != '.' &&
         text.find("//") == std::string_view::npos && text.find("/.") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_name_letter(c) || c == '/'; });
}

/// Without white space around it. A line break inside would be a header of its own in the request.
std::string checked_token(std::string token, const std::string& where) {
  token.erase(0, token.find_first_not_of(" \t\r\n"));
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  if (std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; })) return token;
  throw usage_error(where, "not a valid token", "one word in ASCII");
}

}  // namespace

std::string hub_endpoint() {
  std::string endpoint = environment("HF_ENDPOINT");
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint.empty() ? std::string(kHub) : endpoint;
}

std::string hub_token() {
  if (environment_says_yes("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return "";
  if (const std::string token = environment("HF_TOKEN"); !token.empty()) return checked_token(token, "HF_TOKEN");
  std::filesystem::path file = directory_from("HF_TOKEN_PATH", "");
  if (environment("HF_TOKEN_PATH").empty()) file = hub_home() / "token";
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return "";
  return checked_token(read_text(file, kLongestToken, ErrorKind::usage), file.string());
}

std::optional<HubFile> hub_file_of(std::string_view address) {
  if (!address.starts_with(kHub) || address.substr(kHub.size(), 1) != "/") return std::nullopt;
  const std::string_view path = address.substr(kHub.size() + 1);
  constexpr std::string_view kResolve = "/resolve/";
  const std::size_t resolve = path.find(kResolve);
  if (resolve == std::string_view::npos) return std::nullopt;
  const std::string_view rest = path.substr(resolve + kResolve.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  HubFile file{.id = std::string(path.substr(0, resolve)),
               .revision = std::string(rest.substr(0, slash)),
               .file = file_of_address(rest.substr(slash + 1))};
  return is_hub_id(file.id) && is_revision(file.revision) && is_name(file.file) ? std::optional(file) : std::nullopt;
}

std::string hub_address(const HubFile& file) {
  std::string revision;  // a slash in a branch's name would be read as the path's
  for (const char c : file.revision) revision += c == '/' ? std::string("%2F") : std::string(1, c);
  return hub_endpoint() + "/" + file.id + "/resolve/" + revision + "/" + file.file;
}

bool is_hub_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && is_name(text.substr(0, slash)) && is_name(text.substr(slash + 1));
}

void check_hub_name(std::string_view id, std::string_view revision) {
  if (!is_hub_id(id))
    throw usage_error(std::string(id), "not a valid name on the Hugging Face Hub",
                      "ORGANISATION/MODEL, e.g. microsoft/resnet-50");
  if (!is_revision(revision))
    throw usage_error(std::string(revision), "not a valid revision", "a branch, a tag or a commit");
}

std::string mirrored(const std::string& address) {
  const std::string mirror = environment("ENXERTO_MIRROR");
  return mirror.empty() ? address : with_origin(address, mirror);
}

}  // namespace enxerto

#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace enxerto {

/// Where Hugging Face's hub is: $HF_ENDPOINT, else https://huggingface.co; without a slash at the end.
std::string hub_endpoint();

/// The access token: $HF_TOKEN, else the file $HF_TOKEN_PATH, else the file `token` that Hugging Face's tools keep
/// ($HF_HOME or
/// ~/.cache/huggingface); "" where there is none or HF_HUB_DISABLE_IMPLICIT_TOKEN says so. Throws Error{usage} for what
/// cannot be a token.
std::string hub_token();

/// A file on the hub.
struct HubFile {
  std::string id;        ///< "org/name"
  std::string revision;  ///< a branch, a tag or a commit
  std::string file;
};

/// The file of "https://huggingface.co/ORG/NAME/resolve/REVISION/FILE"; nullopt for other addresses.
std::optional<HubFile> hub_file_of(std::string_view address);

/// The address of one at `hub_endpoint()`.
std::string hub_address(const HubFile& file);

/// "org/name" of letters, digits, '.', '_', '-', as the hub allows: no "--", no "..".
bool is_hub_id(std::string_view text);

/// Throws Error{usage} for an `id` or `revision` that the hub cannot have; so neither leads out of a cache.
void check_hub_name(std::string_view id, std::string_view revision);

/// A published address as this machine is to fetch it: with the scheme and host of $ENXERTO_MIRROR where that is set.
std::string mirrored(const std::string& address);

}  // namespace enxerto

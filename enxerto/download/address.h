#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// What decides who may see a secret: scheme, host in lower case, port ("https://huggingface.co:443"). Read by
/// libcurl's own parser, so that both have the same host in mind. Throws Error{usage} for an address that is not http
/// or https, or that carries a user's name.
std::string origin_of(const std::string& address);

/// Whether a redirect from one origin to another is followed: never from an encrypted connection to a plain one.
bool may_lead(const std::string& from_origin, const std::string& to_origin);

/// `address` with its scheme and host replaced by those of `other`, which may have a path in front
/// ("https://mirror/x").
std::string with_origin(const std::string& address, const std::string& other);

/// The last part of its path, without what follows '?' or '#'.
std::string file_of_address(std::string_view address);

}  // namespace enxerto

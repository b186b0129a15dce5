#include "enxerto/data/picture_places.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>

namespace enxerto {
namespace {

namespace fs = std::filesystem;

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const std::string_view digits = text.substr(std::min(i + 1, text.size()), 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    const bool coded = text[i] == '%' && digits.size() == 2 && error == std::errc() && end == digits.data() + 2;
    decoded += coded ? static_cast<char>(byte) : text[i];
    i += coded ? 2 : 0;
  }
  return decoded;
}

/// The name that a file had before Label Studio took it: eight digits of base 16 and a dash stand before it since.
std::string before_upload(const std::string& name) {
  constexpr std::size_t kDigits = 8;
  const bool uploaded =
      name.size() > kDigits + 1 && name[kDigits] == '-' &&
      std::all_of(name.begin(), name.begin() + kDigits, [](unsigned char digit) { return std::isxdigit(digit) != 0; });
  return uploaded ? name.substr(kDigits + 1) : "";
}

}  // namespace

std::string path_in_address(std::string_view address) {
  constexpr std::string_view kScheme = "://", kAsked = "?d=";
  if (const std::size_t asked = address.find(kAsked); asked != std::string_view::npos) {
    address.remove_prefix(asked + kAsked.size());
    address = address.substr(0, address.find('&'));
  } else if (const std::size_t scheme = address.find(kScheme); scheme != std::string_view::npos) {
    address.remove_prefix(scheme + kScheme.size());
    address.remove_prefix(std::min(address.find('/'), address.size()));
    address = address.substr(0, address.find('?'));
  }
  std::string path = percent_decoded(address);
  std::ranges::replace(path, '\\', '/');
  return path.substr(std::min(path.find_first_not_of('/'), path.size()));
}

std::optional<std::string> PicturePlaces::find(const std::string& written) {
  const std::string path = path_in_address(written);
  if (path.empty()) return std::nullopt;
  const std::string name = fs::path(path).filename().string();
  for (const std::string& one : {path, before_upload(name)})
    if (!one.empty())
      if (auto found = find_end(one)) return found;
  for (const std::string& one : {name, before_upload(name)}) {
    if (one.empty()) continue;
    const auto folder = listed_.folder_with(one);
    if (!folder) continue;
    folders_.push_back(fs::path(*folder).lexically_relative(listed_.root()).string() + "/");
    return listed_.find(folders_.back() + one);
  }
  return std::nullopt;
}

std::optional<std::string> PicturePlaces::find_end(const std::string& path) {
  for (std::string_view end = path; !end.empty();) {
    for (const std::string& folder : folders_)
      if (auto found = listed_.find(folder + std::string(end))) return fs::path(*found).lexically_normal().string();
    const std::size_t slash = end.find('/');
    end = slash == std::string_view::npos ? std::string_view() : end.substr(slash + 1);
  }
  return std::nullopt;
}

}  // namespace enxerto

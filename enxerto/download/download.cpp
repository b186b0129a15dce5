#include "enxerto/download/download.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/download/partial_file.h"
#include "enxerto/download/transfer.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::size_t kPageStart = 512;

bool fits(const Download& request, const Downloaded& file) {
  if (request.size > 0 && file.size != request.size) return false;
  if (!request.sha256.empty()) return file.sha256.starts_with(request.sha256);
  return request.md5.empty() || file.md5 == request.md5;
}

Downloaded look_at(const Download& request) {
  const MappedFile file(request.target, ErrorKind::disk);
  RunningDigest digest(!request.md5.empty() && request.sha256.empty());
  digest.add(file.bytes());
  return {.file = request.target,
          .sha256 = digest.sha256(),
          .md5 = digest.md5(),
          .size = file.bytes().size(),
          .fetched = false};
}

/// Some servers call a page anything.
bool looks_like_a_page(std::string text) {
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  text = lower_case(text);
  constexpr std::array<std::string_view, 2> kStarts{"<!doctype html", "<html"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return text.starts_with(start); });
}

[[noreturn]] void refuse(const Download& request, const Downloaded& came) {
  const bool by_sha256 = !request.sha256.empty();
  throw network_error(request.address,
                      fmt::format("the downloaded file has the {} {}", by_sha256 ? "SHA-256" : "MD5",
                                  by_sha256 ? came.sha256 : came.md5),
                      by_sha256 ? request.sha256 : request.md5,
                      "the same command again; if this persists, the file on the server is not the published one");
}

/// The part as it is now, whole: checked, and put where it belongs.
bool completed(const Download& request, PartialFile& part, Transfer& transfer, Downloaded& came) {
  came = {.file = request.target,
          .sha256 = transfer.digest().sha256(),
          .md5 = transfer.digest().md5(),
          .size = part.size(),
          .fetched = true};
  if (looks_like_a_page(part.start(kPageStart))) {
    part.restart();
    throw network_error(request.address, "the server sends a web page instead of the file", "a file of weights",
                        "a proxy or a login page may be in between");
  }
  if (!fits(request, came)) {
    part.restart();
    return false;
  }
  part.finish();
  return true;
}

}  // namespace

Downloaded download(const Download& request, Progress& progress) {
  Downloaded file;
  const auto is_there = [&] {
    if (!is_file(request.target)) return false;
    file = look_at(request);
    return fits(request, file);
  };
  if (is_there()) return file;
  PartialFile part(request.target, progress);
  if (is_there()) {
    part.restart();
    return file;
  }
  while (true) {
    Transfer transfer(request, part, progress);
    transfer.run();
    const bool resumed = transfer.resumed();
    if (completed(request, part, transfer, file)) return file;
    if (!resumed) refuse(request, file);
    progress.notice(request.address + ": its parts do not fit together: starting again");
  }
}

}  // namespace enxerto

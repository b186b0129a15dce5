#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/download/http.h"
#include "enxerto/download/retries.h"

namespace enxerto {

/// One file to fetch, and what is known of it beforehand.
struct Download {
  std::string address = {};
  std::filesystem::path target = {};  ///< its directory is made where it is missing
  std::string name = {};              ///< for whoever watches; "": that of the target
  std::string sha256 = {};            ///< 64 digits, or the first of them; "" where it is not known
  std::string md5 = {};               ///< 32 digits; checked where there is no SHA-256
  std::uint64_t size = 0;             ///< bytes; 0 where it is not known
  std::uint64_t limit = 1ULL << 36U;  ///< bytes; what is larger is not fetched
  std::string token = {};             ///< for the server of `address` alone
  RetryOptions retries = {};
  HttpTimes times = {};
};

struct Downloaded {
  std::filesystem::path file;
  std::string sha256;  ///< of the whole, 64 digits
  std::string md5;     ///< "" where it was not asked for
  std::uint64_t size = 0;
  bool fetched = false;  ///< false where the target was there already, as it should be
};

/// Fetches a file so that the target appears complete and checked, or not at all. A part stays next to it
/// (`PartialFile`) when the download stops, and is continued later where the server still has the same file; lost
/// connections, 429 and 5xx are tried again. The digest is computed while the bytes come. Where the target is there
/// already and fits what is known of it, nothing is fetched; two processes that want the same target fetch it once.
/// `progress` counts megabytes.
///
/// Throws Error{network} for what the server or the connection does (401, 404, a web page instead of a file, another
/// digest or size ..), Error{disk} where the disk does not take it, Error{interrupted} when cancelled.
Downloaded download(const Download& request, Progress& progress = no_progress());

}  // namespace enxerto

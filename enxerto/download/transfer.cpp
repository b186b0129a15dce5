#include "enxerto/download/transfer.h"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/download/http_error.h"
#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

constexpr std::uint64_t kMegabyte = 1'000'000;
constexpr int kMostRestarts = 3;

std::string header(const HttpAnswer& answer, const std::string& name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? "" : found->second;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct ContentRange {
  std::uint64_t first = 0, size = 0;
};

/// "bytes 100-199/200", where the whole is known (RFC 9110, 14.4).
std::optional<ContentRange> content_range(std::string_view text) {
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (!text.starts_with("bytes ") || dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
    return std::nullopt;
  const auto first = number(text.substr(6, dash - 6)), size = number(text.substr(slash + 1));
  if (!first || !size) return std::nullopt;
  return ContentRange{.first = *first, .size = *size};
}

std::string strong_etag(const HttpAnswer& answer) {
  std::string etag = header(answer, "etag");
  return etag.starts_with("W/") ? "" : etag;
}

[[noreturn]] void refuse(const Download& request, std::string found, std::string expected) {
  throw network_error(request.address, std::move(found), std::move(expected),
                      "the same command again; if this persists, the file has changed or moved");
}

}  // namespace

Transfer::Transfer(const Download& request, PartialFile& part, Progress& progress)
    : request_(request),
      part_(part),
      progress_(progress),
      digest_(!request.md5.empty() && request.sha256.empty()),
      size_(request.size) {}

Transfer::~Transfer() {
  if (showing_) progress_.end();
}

void Transfer::run() {
  take_up();
  Retries retries(request_.retries);
  while (!is_whole()) {
    const std::uint64_t before = part_.size();
    stale_ = false;
    const HttpAnswer answer = http_exchange(ask(), *this, progress_);
    if (begun_anew(answer)) continue;
    if (is_success(answer)) break;
    if (part_.size() > before && part_.size() - before >= kMegabyte) retries.progressed();
    if (!retries.another(answer)) throw_http_error(request_.address, answer);
    retries.wait(answer, progress_);
  }
  check_size();
  show();
}

/// Where the answer does not fit the part any more, the next one is asked for the whole.
bool Transfer::begun_anew(const HttpAnswer& answer) {
  if (!stale_ && !(answer.status == 416 && part_.size() > 0)) return false;
  if (++restarts_ > kMostRestarts) refuse(request_, "the server does not send the requested part of the file", "");
  progress_.notice(request_.address + " has changed since its first part was downloaded: starting again");
  start_over();
  return true;
}

void Transfer::check_size() const {
  if (part_.size() == 0) refuse(request_, "the file is empty", "");
  if (size_ > 0 && part_.size() != size_)
    refuse(request_, fmt::format("{} bytes were received", part_.size()), fmt::format("{}", size_));
}

void Transfer::take_up() {
  if (part_.size() == 0) return;
  const std::optional<PartOrigin> origin = part_.origin();
  const bool other_size = origin && request_.size > 0 && origin->size > 0 && origin->size != request_.size;
  if (!origin || origin->address != request_.address || !origin->can_resume() || other_size ||
      part_.size() > (origin->size > 0 ? origin->size : request_.limit)) {
    start_over();
    return;
  }
  origin_ = *origin;
  if (origin_.size > 0) size_ = origin_.size;
  part_.read([this](std::span<const std::byte> bytes) { digest_.add(bytes); });
  resumed_ = true;
}

void Transfer::start_over() {
  part_.restart();
  digest_ = RunningDigest(!request_.md5.empty() && request_.sha256.empty());
  origin_ = {};
  size_ = request_.size;
  resumed_ = false;
  if (showing_) progress_.end();
  showing_ = false;
  shown_ = 0;
}

HttpRequest Transfer::ask() const {
  HttpRequest request{
      .address = request_.address, .head = false, .headers = {}, .token = request_.token, .times = request_.times};
  if (part_.size() > 0) {
    request.headers.push_back(fmt::format("Range: bytes={}-", part_.size()));
    request.headers.push_back("If-Range: " + (origin_.etag.empty() ? origin_.last_modified : origin_.etag));
  }
  return request;
}

bool Transfer::is_the_rest(const HttpAnswer& answer) const {
  const std::optional<ContentRange> range = content_range(header(answer, "content-range"));
  if (!range || range->first != part_.size() || (size_ > 0 && range->size != size_)) return false;
  const std::string etag = strong_etag(answer);
  return etag.empty() || origin_.etag.empty() || etag == origin_.etag;
}

void Transfer::begin(const HttpAnswer& answer) {
  refuse_page(answer);
  if (answer.status == 206 && !is_the_rest(answer)) {
    stale_ = true;
    return;
  }
  if (answer.status == 200) accept(answer);
  if (answer.status == 206) size_ = content_range(header(answer, "content-range"))->size;
  if (size_ > request_.limit)
    refuse(request_, fmt::format("the file has {} bytes", size_), fmt::format("at most {}", request_.limit));
  if (size_ > part_.size()) check_room(size_ - part_.size());
  if (!showing_) {
    const std::string name = request_.name.empty() ? request_.target.filename().string() : request_.name;
    progress_.begin("download " + name + " (MB)", to_size((size_ + kMegabyte - 1) / kMegabyte));
    showing_ = true;
  }
  show();
}

/// The whole file comes, from its start.
void Transfer::accept(const HttpAnswer& answer) {
  if (part_.size() > 0) {
    progress_.notice(request_.address + " cannot be resumed, or has changed: starting again");
    start_over();
  }
  const std::uint64_t length = number(header(answer, "content-length")).value_or(0);
  if (request_.size > 0 && length > 0 && length != request_.size)
    refuse(request_, fmt::format("the server has a file of {} bytes", length), fmt::format("{}", request_.size));
  if (length > 0) size_ = length;
  origin_ = {.address = request_.address,
             .etag = strong_etag(answer),
             .last_modified = header(answer, "last-modified"),
             .size = size_};
  part_.set_origin(origin_);
}

void Transfer::refuse_page(const HttpAnswer& answer) const {
  if (!header(answer, "content-type").starts_with("text/html")) return;
  refuse(request_, "the server sends a web page instead of the file",
         "a weight file; a proxy or a login page may be in between");
}

void Transfer::check_room(std::uint64_t coming) const {
  std::error_code failure;
  const auto space = std::filesystem::space(directory_of(request_.target), failure);
  if (!failure && space.available < coming) throw_disk_error(request_.target, "does not fit on this disk", ENOSPC);
}

void Transfer::add(std::span<const std::byte> bytes) {
  if (stale_) return;
  const std::uint64_t most = size_ > 0 ? size_ : request_.limit;
  if (bytes.size() > most - part_.size())
    refuse(request_, "the server sends more bytes than the file has", fmt::format("at most {}", most));
  part_.append(bytes);
  digest_.add(bytes);
  show();
}

void Transfer::show() {
  const std::uint64_t megabytes = part_.size() / kMegabyte;
  if (showing_ && megabytes > shown_) progress_.advance(to_size(megabytes - shown_));
  if (showing_) shown_ = megabytes;
}

}  // namespace enxerto

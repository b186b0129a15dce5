#include "enxerto/features/contents.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/features/extract.h"

namespace enxerto {
namespace {

constexpr std::size_t kContentsChunk = 256;
constexpr std::size_t kFlushAt = 4096;

/// A file that changed this shortly ago may change again within one tick of the file system's clock.
constexpr std::int64_t kUnsettledNs = 2'000'000'000;

void in_chunks(int threads, std::size_t count, const std::function<void(std::size_t)>& work) {
  parallel_for(threads, (count + kContentsChunk - 1) / kContentsChunk, [&](std::size_t chunk) {
    const std::size_t end = std::min(count, (chunk + 1) * kContentsChunk);
    for (std::size_t i = chunk * kContentsChunk; i < end; ++i) work(i);
  });
}

Hash128 hash_of_bytes(const Field& field) {
  if (!field.raw) return hash128(field.bytes.bytes());
  return Hash128Stream()
      .add(std::string_view("raw"))
      .add(static_cast<std::uint64_t>(field.raw->width))
      .add(static_cast<std::uint64_t>(field.raw->height))
      .add(static_cast<std::uint64_t>(field.raw->channels))
      .add(static_cast<std::uint64_t>(field.raw->planar))
      .add(field.bytes.bytes())
      .value();
}

/// What is known of places in it is part of it.
Hash128 hash_of_whole(const Field& field) {
  const Hash128 bytes = hash_of_bytes(field);
  if (field.marks.size() == 0) return bytes;
  return Hash128Stream().add(std::string_view("marks")).add(field.marks.bytes()).add(bytes).value();
}

/// The first window is what the whole has always been.
Hash128 hash_of(const Field& field) {
  const Hash128 whole = hash_of_whole(field);
  if (field.window == 0) return whole;
  return Hash128Stream().add(std::string_view("window")).add(std::uint64_t{field.window}).add(whole).value();
}

/// Zero unless every field is a file that did not change.
Hash128 remembered_content(const FeatureCache& cache, const ExampleFiles& files) {
  std::vector<Hash128> hashes;
  for (const std::optional<FileIdentity>& file : files) {
    const std::optional<Hash128> hash = file ? cache.remembered_hash(*file) : std::nullopt;
    if (!hash) return {};
    hashes.push_back(*hash);
  }
  return content_hash(hashes);
}

}  // namespace

std::vector<Hash128> field_hashes(std::span<const Field> fields) {
  std::vector<Hash128> hashes;
  hashes.reserve(fields.size());
  for (const Field& field : fields) hashes.push_back(hash_of(field));
  return hashes;
}

Hash128 content_hash(std::span<const Hash128> fields) {
  if (fields.size() == 1) return fields[0];
  Hash128Stream hash;
  hash.add(std::string_view("fields"));
  for (const Hash128& field : fields) hash.add(field);
  return hash.value();
}

std::vector<Hash128> known_contents(const Dataset& dataset, const FeatureCache* cache, int threads,
                                    const Progress& progress) {
  std::vector<Hash128> contents(dataset.size());
  in_chunks(threads, dataset.size(), [&](std::size_t i) {
    if (i % kContentsChunk == 0) throw_if_cancelled(progress);
    const std::unique_ptr<Example> example = dataset.get(i);
    if (example->in_memory())
      contents[i] = content_hash(field_hashes(fields_of(dataset, *example)));
    else if (cache != nullptr)
      contents[i] = remembered_content(*cache, files_of(dataset, *example));
  });
  return contents;
}

void NewHashes::add(const ExampleFiles& files, std::span<const Hash128> fields) {
  if (cache_ == nullptr) return;
  for (std::size_t i = 0; i < files.size(); ++i)
    if (files[i]) add(*files[i], fields[i]);
}

void NewHashes::add(const FileIdentity& file, const Hash128& content) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  if (std::chrono::nanoseconds(now).count() - file.modified_ns < kUnsettledNs) return;
  std::vector<std::pair<FileIdentity, Hash128>> full;
  {
    const std::lock_guard lock(mutex_);
    hashes_.emplace_back(file, content);
    if (hashes_.size() < kFlushAt) return;
    full.swap(hashes_);
  }
  cache_->remember_hashes(full);
}

void NewHashes::flush() {
  std::vector<std::pair<FileIdentity, Hash128>> rest;
  {
    const std::lock_guard lock(mutex_);
    rest.swap(hashes_);
  }
  if (cache_ != nullptr) cache_->remember_hashes(rest);
}

std::vector<Hash128> content_hashes(const Dataset& dataset, const ExtractOptions& options, std::vector<BadExample>& bad,
                                    Progress& progress) {
  const int threads = resolve_threads(options.threads);
  std::vector<Hash128> contents = known_contents(dataset, options.cache.get(), threads, progress);
  const auto unknown = static_cast<std::size_t>(std::count(contents.begin(), contents.end(), Hash128{}));
  if (unknown == 0) return contents;
  NewHashes hashes(options.cache.get());
  std::mutex mutex;
  std::vector<std::pair<std::size_t, BadExample>> found;
  progress.begin("read", unknown);
  in_chunks(threads, dataset.size(), [&](std::size_t i) {
    if (contents[i] != Hash128{}) return;
    throw_if_cancelled(progress);
    const std::unique_ptr<Example> example = dataset.get(i);
    try {
      const ExampleFiles files = files_of(dataset, *example);
      const std::vector<Hash128> fields = field_hashes(fields_of(dataset, *example));
      contents[i] = content_hash(fields);
      hashes.add(files, fields);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data || options.on_bad == OnBad::error) throw;
      const std::lock_guard lock(mutex);
      found.emplace_back(i, BadExample{example->id(), error.what()});
    }
    progress.advance(1);
  });
  hashes.flush();
  progress.end();
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [position, example] : found) bad.push_back(std::move(example));
  return contents;
}

}  // namespace enxerto

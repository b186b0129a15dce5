#include "enxerto/features/extract.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/threads.h"
#include "enxerto/features/extraction.h"
#include "enxerto/features/extraction_worker.h"

namespace enxerto {
namespace {

constexpr std::size_t kRowsChunk = 256, kNamedDoubts = 3;

std::shared_ptr<RowStore> store_for(const FeatureSource& source, const ExtractOptions& options,
                                    const RowLayout& layout) {
  if (!options.cache) return temporary_rows(layout.fixed() ? record_bytes(layout, source.storage) : 0);
  return options.cache->open_space(feature_space(source),
                                   {.description = source.description, .layout = layout, .storage = source.storage});
}

}  // namespace

Extraction::Extraction(const Dataset& dataset, const FeatureSource& source, const ExtractOptions& options,
                       Progress& progress)
    : dataset_(dataset),
      source_(source),
      options_(options),
      progress_(progress),
      threads_(resolve_threads(options.threads)),
      keys_(source),
      prefix_(source, threads_, options.batch, options.compiled),
      store_(store_for(source, options, prefix_.values().layout())),
      new_hashes_(options.cache.get()) {}

Extracted Extraction::run() {
  if (options_.cache)
    for (const std::string& repair : options_.cache->take_repairs()) progress_.notice(repair);
  look_up();
  if (!todo_.empty()) compute();
  tell_doubts();
  if (repaired_ > 0)
    progress_.notice(fmt::format("recomputed {} of the feature cache", counted(repaired_.load(), "damaged row")));
  return collect();
}

void Extraction::look_up() {
  contents_ = known_contents(dataset_, options_.cache.get(), threads_, progress_);
  places_.resize(contents_.size());
  parallel_for(threads_, (contents_.size() + kRowsChunk - 1) / kRowsChunk, [&](std::size_t chunk) {
    const std::size_t begin = chunk * kRowsChunk, count = std::min(kRowsChunk, contents_.size() - begin);
    throw_if_cancelled(progress_);
    std::vector<Hash128> keys(count);
    for (std::size_t i = 0; i < count; ++i) keys[i] = key(contents_[begin + i]);
    store_->find(keys, std::span(places_).subspan(begin, count));
  });
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (!places_[i].found()) todo_.push_back(static_cast<std::uint32_t>(i));
  }
  // Two processes that start together would run after each other through the same examples; so they meet in the middle.
  if (!todo_.empty() && store_->is_shared()) std::reverse(todo_.begin(), todo_.end());
}

void Extraction::compute() {
  progress_.begin("extract", todo_.size());
  try {
    run_workers(threads_, [&](int) { ExtractionWorker(*this).run(); });
  } catch (...) {
    // What was computed is kept, and the first error is reported, not one that follows from it.
    try {
      store_->finish();
      new_hashes_.flush();
    } catch (const Error&) {
    }
    throw;
  }
  store_->finish();
  new_hashes_.flush();
  throw_if_cancelled(progress_);
  progress_.end();
}

Extracted Extraction::collect() {
  Extracted result;
  const RowLayout& layout = prefix_.values().layout();
  result.stored = StoredRows(layout, source_.storage);
  if (layout.is_matrix()) result.row_shape = layout.values[0].shape;
  result.stored.reserve(contents_.size());
  result.positions.reserve(contents_.size());
  result.contents.reserve(contents_.size());
  for (std::size_t i = 0; i < contents_.size(); ++i) {
    const auto owner = places_[i].found() ? owners_.end() : owners_.find(contents_[i]);
    const std::size_t source = owner == owners_.end() ? i : owner->second;
    if (!places_[source].found()) {
      result.skipped.push_back({dataset_.get(i)->id(), reason_against(i, source)});
      continue;
    }
    result.stored.add(store_->record(places_[source]));
    result.positions.push_back(i);
    result.contents.push_back(contents_[i]);
    result.cached += places_[source].fresh ? 0 : 1;
  }
  result.rows = result.stored.floats();
  result.computed = computed_;
  result.repaired = repaired_;
  result.storage = store_;
  return result;
}

std::span<const std::uint32_t> Extraction::next(std::size_t count) {
  if (progress_.cancelled()) stop_ = true;
  if (stop_) return {};
  const std::size_t begin = std::min(next_todo_.fetch_add(count), todo_.size());
  return std::span(todo_).subspan(begin, std::min(count, todo_.size() - begin));
}

bool Extraction::claim(const Hash128& content, std::size_t position) {
  const std::lock_guard lock(mutex_);
  return owners_.emplace(content, static_cast<std::uint32_t>(position)).second;
}

void Extraction::skip(std::size_t position, const Error& error) {
  const std::lock_guard lock(mutex_);
  bad_.emplace(position, error.text());
}

/// `source`: the example of the same content that was read in its place, or itself.
std::string Extraction::reason_against(std::size_t position, std::size_t source) const {
  const auto own = bad_.find(position);
  ErrorText text = own != bad_.end() ? own->second : bad_.at(source);
  if (own == bad_.end()) {
    const std::string of_source = dataset_.get(source)->id();
    if (text.where.starts_with(of_source)) text.where.replace(0, of_source.size(), dataset_.get(position)->id());
  }
  return Error(ErrorKind::data, std::move(text)).what();
}

void Extraction::doubt(std::size_t position, std::string reason) {
  const std::lock_guard lock(mutex_);
  doubtful_.emplace(position, std::move(reason));
}

/// Of examples that were computed; those from a cache were told when they went into it.
void Extraction::tell_doubts() {
  if (doubtful_.empty()) return;
  const auto& [position, reason] = *doubtful_.begin();
  std::vector<std::string> others;
  for (auto other = std::next(doubtful_.begin()); other != doubtful_.end() && others.size() < kNamedDoubts; ++other)
    others.push_back(dataset_.get(other->first)->id());
  const std::string more = others.empty()
                               ? ""
                               : fmt::format("; {} more like it: {}{}", doubtful_.size() - 1, fmt::join(others, ", "),
                                             doubtful_.size() - 1 > others.size() ? ", .." : "");
  progress_.notice(fmt::format("{}: {}{}", dataset_.get(position)->id(), reason, more));
}

Extracted extract(const Dataset& dataset, const FeatureSource& source, const ExtractOptions& options,
                  Progress& progress) {
  Extracted result = Extraction(dataset, source, options, progress).run();
  require_few(result.skipped, dataset.size(), options.on_bad, nouns_of(dataset.info().inputs));
  if (options.cache) options.cache->keep_limit();
  return result;
}

}  // namespace enxerto

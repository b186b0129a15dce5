#include "enxerto/training/epoch_batches.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "enxerto/base/rng.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

std::vector<std::size_t> drawn_order(std::size_t examples, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::size_t> order(examples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng({.seed = seed, .epoch = epoch, .example = 0, .purpose = "order"});
  for (std::size_t i = examples; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order;
}

/// In small lots of one identity each, themselves in an order that is drawn.
std::vector<std::size_t> in_lots(const std::vector<std::size_t>& order, const std::vector<std::int64_t>& alike) {
  std::map<std::int64_t, std::size_t> open;  // the lot of an identity that has room
  std::vector<std::vector<std::size_t>> lots;
  for (const std::size_t example : order) {
    const auto [place, is_new] = open.try_emplace(alike.at(example), lots.size());
    if (is_new || lots[place->second].size() == kAlikeTogether) {
      place->second = lots.size();
      lots.emplace_back();
    }
    lots[place->second].push_back(example);
  }
  std::vector<std::size_t> together;
  for (const std::vector<std::size_t>& lot : lots) together.insert(together.end(), lot.begin(), lot.end());
  return together;
}

constexpr std::size_t kSortedBatches = 50;

/// Sorts some batches' worth at a time, the longest first, so that a batch that does not fit is met at once.
void sort_by_length(std::vector<std::size_t>& order, const EpochBatchesOptions& options) {
  const std::size_t window = kSortedBatches * static_cast<std::size_t>(options.batch_size);
  for (std::size_t begin = 0; begin < order.size(); begin += window) {
    const auto first = order.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(begin + window, order.size()));
    std::stable_sort(first, last,
                     [&](std::size_t a, std::size_t b) { return options.lengths[a] > options.lengths[b]; });
  }
}

/// All but the last, which is the smaller one; by tokens all.
void shuffle(std::vector<MicroBatches>& batches, const EpochBatchesOptions& options, std::uint64_t epoch) {
  Rng rng({.seed = options.seed, .epoch = epoch, .example = 0, .purpose = "order of batches"});
  const std::size_t kept = options.batch_tokens > 0 ? 0 : 1;
  for (std::size_t i = batches.empty() ? 0 : batches.size() - kept; i > 1; --i)
    std::swap(batches[i - 1], batches[rng.below(i)]);
}

/// Pieces of sizes that differ by one at most.
MicroBatches split(std::span<const std::size_t> batch, std::size_t micro_batches) {
  MicroBatches parts;
  for (std::size_t i = 0; i < micro_batches; ++i) {
    const std::size_t begin = batch.size() * i / micro_batches, end = batch.size() * (i + 1) / micro_batches;
    parts.emplace_back(batch.begin() + static_cast<std::ptrdiff_t>(begin),
                       batch.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return parts;
}

/// Chains of examples that go on from one another, end to end.
std::vector<std::size_t> chained(const EpochBatchesOptions& options, std::uint64_t epoch) {
  const std::size_t none = options.examples;
  std::vector<std::size_t> next(options.examples, none);
  for (std::size_t i = 0; i < options.examples; ++i)
    if (options.before.at(i) < options.examples) next[options.before[i]] = i;
  std::vector<std::size_t> order;
  order.reserve(options.examples);
  for (const std::size_t first : drawn_order(options.examples, options.seed, epoch))
    if (options.before[first] >= options.examples)
      for (std::size_t i = first; i != none; i = next[i]) order.push_back(i);
  return order;
}

/// The longer streams first, so that those that are over leave no gap.
std::vector<std::vector<std::size_t>> stream_batches(const EpochBatchesOptions& options, std::uint64_t epoch) {
  const std::vector<std::size_t> order = chained(options, epoch);
  const std::size_t streams = static_cast<std::size_t>(options.batch_size);
  const std::size_t steps = (order.size() + streams - 1) / streams, longer = order.size() - (steps - 1) * streams;
  std::vector<std::vector<std::size_t>> batches(steps);
  std::size_t place = 0;
  for (std::size_t stream = 0; stream < streams; ++stream)
    for (std::size_t step = 0; step < (stream < longer ? steps : steps - 1); ++step)
      batches[step].push_back(order[place++]);
  return batches;
}

/// Where each batch ends, of examples whose lengths fall.
std::vector<std::size_t> token_cuts(std::span<const std::size_t> lengths, const BatchLimits& limits) {
  const std::size_t least = limits.no_singles ? 2 : 1, most = limits.examples > 0 ? to_size(limits.examples) : 0;
  std::vector<std::size_t> ends;
  for (std::size_t begin = 0; begin < lengths.size();) {
    std::size_t count = to_size(limits.tokens) / std::max<std::size_t>(lengths[begin], 1);
    if (most > 0) count = std::min(count, most);
    const std::size_t left = lengths.size() - begin;
    count = std::min(std::max(count, least), left);
    if (left - count < least) count = left;
    ends.push_back(begin += count);
  }
  return ends;
}

BatchLimits limits_of(const EpochBatchesOptions& options) {
  return {.examples = options.batch_size, .tokens = options.batch_tokens, .no_singles = options.no_singles};
}

bool joins_last(const EpochBatchesOptions& options) {
  const auto batch = static_cast<std::size_t>(options.batch_size);
  return options.no_singles && options.before.empty() && options.examples > batch && options.examples % batch == 1;
}

std::int64_t steps_for_all(const EpochBatchesOptions& options) {
  if (options.batch_tokens > 0) {
    std::vector<std::size_t> falling = options.lengths;
    std::ranges::sort(falling, std::ranges::greater());
    return static_cast<std::int64_t>(token_cuts(falling, limits_of(options)).size());
  }
  const auto batch = static_cast<std::size_t>(options.batch_size);
  const std::size_t steps = options.examples / batch + (options.examples % batch != 0 ? 1 : 0);
  return static_cast<std::int64_t>(steps - (joins_last(options) ? 1 : 0));
}

std::vector<std::vector<std::size_t>> cut_by_tokens(const std::vector<std::size_t>& order,
                                                    const std::vector<std::size_t>& lengths,
                                                    const BatchLimits& limits) {
  std::vector<std::size_t> falling;
  falling.reserve(order.size());
  for (const std::size_t example : order) falling.push_back(lengths[example]);
  std::vector<std::vector<std::size_t>> batches;
  std::size_t begin = 0;
  for (const std::size_t end : token_cuts(falling, limits)) {
    batches.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                         order.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
  return batches;
}

/// The last one smaller, or with one example more.
std::vector<std::vector<std::size_t>> drawn_batches(const EpochBatchesOptions& options, std::uint64_t epoch) {
  std::vector<std::size_t> order = drawn_order(options.examples, options.seed, epoch);
  if (options.batch_tokens > 0) {
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) { return options.lengths[i]; });
    return cut_by_tokens(order, options.lengths, limits_of(options));
  }
  if (!options.alike.empty())
    order = in_lots(order, options.alike);
  else if (!options.lengths.empty())
    sort_by_length(order, options);
  const auto steps = static_cast<std::size_t>(steps_for_all(options));
  const auto batch = static_cast<std::size_t>(options.batch_size);
  std::vector<std::vector<std::size_t>> batches;
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t end = i + 1 == steps ? order.size() : (i + 1) * batch;
    batches.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(i * batch),
                         order.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return batches;
}

}  // namespace

std::int64_t steps_per_epoch(const EpochBatchesOptions& options) {
  const std::int64_t all = steps_for_all(options);
  return options.most_steps > 0 ? std::min(all, options.most_steps) : all;
}

std::vector<MicroBatches> epoch_batches(const EpochBatchesOptions& options, std::uint64_t epoch) {
  const bool streams = !options.before.empty();
  std::vector<MicroBatches> batches;
  for (const std::vector<std::size_t>& batch :
       streams ? stream_batches(options, epoch) : drawn_batches(options, epoch)) {
    const std::size_t most = options.no_singles ? std::max<std::size_t>(batch.size() / 2, 1) : batch.size();
    batches.push_back(split(batch, std::min(static_cast<std::size_t>(options.accumulation_steps), most)));
  }
  if (!streams && options.alike.empty() && !options.lengths.empty()) shuffle(batches, options, epoch);
  batches.resize(std::min(batches.size(), static_cast<std::size_t>(steps_per_epoch(options))));
  return batches;
}

std::vector<std::uint8_t> continuing(const MicroBatches& batch, const MicroBatches& last,
                                     const std::vector<std::size_t>& before) {
  std::vector<std::size_t> earlier;
  for (const auto& micro_batch : last) earlier.insert(earlier.end(), micro_batch.begin(), micro_batch.end());
  std::vector<std::uint8_t> flags;
  for (const auto& micro_batch : batch)
    for (const std::size_t example : micro_batch) {
      const std::size_t place = flags.size();
      flags.push_back(place < earlier.size() && before.at(example) == earlier[place] ? 1 : 0);
    }
  return flags;
}

std::vector<MicroBatches> token_batches(const std::vector<std::size_t>& examples,
                                        const std::vector<std::size_t>& lengths, const BatchLimits& limits) {
  std::vector<MicroBatches> batches;
  for (const std::vector<std::size_t>& batch : cut_by_tokens(examples, lengths, limits))
    batches.push_back(split(batch, 1));
  return batches;
}

std::vector<MicroBatches> plain_batches(const std::vector<std::size_t>& examples, std::int64_t batch_size) {
  std::vector<MicroBatches> batches;
  const auto batch = static_cast<std::size_t>(batch_size);
  for (std::size_t begin = 0; begin < examples.size(); begin += batch) {
    const std::size_t count = std::min(batch, examples.size() - begin);
    batches.push_back(split(std::span(examples).subspan(begin, count), 1));
  }
  return batches;
}

}  // namespace enxerto

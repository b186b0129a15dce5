#include "enxerto/transfer/target_source.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"

namespace enxerto {
namespace {

/// What is larger is asked for in every batch.
constexpr std::size_t kMostKept = std::size_t{64} << 20;

Shape stacked(std::size_t count, const Shape& shape) {
  Shape whole{static_cast<std::int64_t>(count)};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return whole;
}

Shape of_one(const Tensor& all) { return {all.shape().begin() + 1, all.shape().end()}; }

bool equal_but_for_length(const Tensor& one, const Tensor& other) {
  const Shape &a = one.shape(), &b = other.shape();
  return one.dtype() == other.dtype() && a.size() == b.size() && !a.empty() &&
         std::equal(a.begin() + 1, a.end(), b.begin() + 1);
}

/// Whole numbers of lists that are not equally long, with -1 behind the shorter ones.
Tensor filled_up(std::span<const TensorMap> examples, const std::string& name) {
  Shape longest = examples.front().at(name).shape();
  for (const TensorMap& example : examples) longest[0] = std::max(longest[0], example.at(name).shape()[0]);
  TensorBuffer buffer(DType::i64, stacked(examples.size(), longest));
  std::ranges::fill(buffer.as<std::int64_t>(), -1);
  const std::size_t bytes = buffer.bytes().size() / examples.size();
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Tensor& one = examples[i].at(name);
    std::memcpy(buffer.data() + i * bytes, one.data(), one.byte_size());
  }
  return std::move(buffer).freeze();
}

/// The tensors of several examples as one. Throws Error{data} where types or shapes differ.
Tensor stack(std::span<const TensorMap> examples, const std::string& name) {
  const Tensor& first = examples.front().at(name);
  if (first.dtype() == DType::i64 && std::ranges::all_of(examples, [&](const TensorMap& example) {
        return equal_but_for_length(example.at(name), first);
      }))
    return filled_up(examples, name);
  TensorBuffer buffer(first.dtype(), stacked(examples.size(), first.shape()));
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Tensor& one = examples[i].at(name);
    if (one.dtype() != first.dtype() || one.shape() != first.shape())
      throw data_error("targets",
                       fmt::format("'{}' of {} next to {}", name, to_string(one.shape()), to_string(first.shape())),
                       "one shape in a batch");
    std::memcpy(buffer.data() + i * first.byte_size(), one.data(), one.byte_size());
  }
  return std::move(buffer).freeze();
}

/// Rows of `all` at `examples`.
Tensor picked(const Tensor& all, std::span<const std::size_t> examples) {
  const Shape shape = of_one(all);
  const std::size_t bytes = element_count(shape) * size_of(all.dtype());
  TensorBuffer buffer(all.dtype(), stacked(examples.size(), shape));
  for (std::size_t i = 0; i < examples.size(); ++i)
    std::memcpy(buffer.data() + i * bytes, all.data() + examples[i] * bytes, bytes);
  return std::move(buffer).freeze();
}

}  // namespace

TargetSource::TargetSource(TaskPtr task, DatasetPtr dataset, std::vector<std::size_t> positions)
    : task_(std::move(task)),
      dataset_(std::move(dataset)),
      positions_(std::move(positions)),
      row_values_(task_->row_values()),
      size_(positions_.size()) {
  if (size_ == 0 || needs_rows()) return;
  first_ = ask(0, {});
  std::size_t bytes = 0;
  for (const auto& [name, tensor] : first_) bytes += tensor.byte_size();
  const TargetKind* const kind = find_target_kind(dataset_->info().target.kind);
  const bool varies = kind != nullptr && kind->varying;
  if (!varies && bytes * size_ <= kMostKept) keep_all();
}

TargetSource::TargetSource(TensorMap targets) : kept_(std::move(targets)) {
  if (!kept_.empty()) size_ = static_cast<std::size_t>(kept_.begin()->second.shape().at(0));
}

TensorMap TargetSource::ask(std::size_t example, const TensorMap& row) const {
  const std::size_t position = positions_.at(example);
  try {
    return task_->targets(dataset_->target(position), row);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    ErrorText text = error.text();
    text.where = dataset_->get(position)->id();
    throw Error(ErrorKind::data, std::move(text));
  }
}

void TargetSource::keep_all() {
  std::vector<std::pair<std::string, TensorBuffer>> all;
  for (const auto& [name, tensor] : first_)
    all.emplace_back(name, TensorBuffer(tensor.dtype(), stacked(size_, tensor.shape())));
  for (std::size_t example = 0; example < size_; ++example) {
    const TensorMap targets = ask(example, {});
    for (auto& [name, buffer] : all) {
      const Tensor& one = targets.at(name);
      if (one.byte_size() * size_ != buffer.bytes().size())
        throw data_error(dataset_->get(positions_[example])->id(),
                         fmt::format("a target '{}' of {}", name, to_string(one.shape())),
                         to_string(first_.at(name).shape()) + " as the first example has");
      std::memcpy(buffer.data() + example * one.byte_size(), one.data(), one.byte_size());
    }
  }
  for (auto& [name, buffer] : all) kept_.set(name, std::move(buffer).freeze());
}

bool TargetSource::can_mix() const {
  const TensorMap& targets = kept_.empty() ? first_ : kept_;
  return !needs_rows() && std::all_of(targets.begin(), targets.end(),
                                      [](const auto& entry) { return entry.second.dtype() == DType::f32; });
}

TensorMap TargetSource::get(std::span<const std::size_t> examples, std::span<const TensorMap> rows) const {
  TensorMap batch;
  for (const auto& [name, tensor] : kept_) batch.set(name, picked(tensor, examples));
  if (!kept_.empty() || examples.empty()) return batch;
  std::vector<TensorMap> asked;
  asked.reserve(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i)
    asked.push_back(ask(examples[i], rows.empty() ? TensorMap{} : rows[i]));
  for (const auto& [name, tensor] : asked.front()) batch.set(name, stack(asked, name));
  return batch;
}

double TargetSource::weight(const TensorMap& batch, std::int64_t examples) const {
  return task_ == nullptr ? static_cast<double>(examples) : task_->weight(batch, examples);
}

TensorMap TargetSource::mixed(std::span<const std::size_t> examples, std::span<const std::size_t> partners,
                              std::span<const double> shares) const {
  const TensorMap mine = get(examples), theirs = get(partners);
  TensorMap batch;
  for (const auto& [name, tensor] : mine) {
    const auto a = tensor.as<float>(), b = theirs.at(name).as<float>();
    TensorBuffer buffer(DType::f32, tensor.shape());
    const auto out = buffer.as<float>();
    const std::size_t width = a.size() / std::max<std::size_t>(examples.size(), 1);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double share = shares[i / width];
      out[i] = static_cast<float>(share) * a[i] + static_cast<float>(1 - share) * b[i];
    }
    batch.set(name, std::move(buffer).freeze());
  }
  return batch;
}

}  // namespace enxerto

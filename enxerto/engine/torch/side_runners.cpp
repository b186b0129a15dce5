#include "enxerto/engine/torch/side_runners.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>

#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace enxerto {
namespace {

/// Narrow copies of weights that autocast keeps belong to all threads, and the first that ends throws them away.
class OwnAutocastCopies {
 public:
  OwnAutocastCopies() : was_(at::autocast::is_autocast_cache_enabled()) {
    at::autocast::set_autocast_cache_enabled(false);
  }
  ~OwnAutocastCopies() { at::autocast::set_autocast_cache_enabled(was_); }
  OwnAutocastCopies(const OwnAutocastCopies&) = delete;
  OwnAutocastCopies& operator=(const OwnAutocastCopies&) = delete;

 private:
  bool was_;
};

/// Until the end of the parallel region that it is called in, for this thread: oneDNN shares work out among as many
/// threads as it is told that there are, and in a region there is no other.
void be_the_only_thread() {
#ifdef _OPENMP
  // The number of a thread is set when LibTorch first meets it, once in its library and once in what is inlined here:
  // let both be over.
  at::get_num_threads();
  at::internal::lazy_init_num_threads();
  omp_set_num_threads(1);
#endif
}

}  // namespace

SideRunners::SideRunners(const Graph& graph, const RunnerOptions& options, GraphRunner& first, std::size_t count)
    : first_(first) {
  for (std::size_t i = 1; i < count; ++i) {
    auto other = std::make_unique<GraphRunner>(graph, options);
    for (const std::string& name : first.parameter_names()) other->parameter(name) = first.parameter(name);
    others_.push_back(std::move(other));
  }
}

void SideRunners::run(std::size_t many, const Work& work) {
  if (many == 1) return work(first_, 0);
  std::vector<std::exception_ptr> thrown(many);
  at::parallel_for(0, static_cast<std::int64_t>(many), 1, [&](std::int64_t begin, std::int64_t end) {
    be_the_only_thread();
    const OwnAutocastCopies copies;
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      try {
        work(i == 0 ? first_ : *others_.at(i - 1), i);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    }
  });
  for (const std::exception_ptr& one : thrown)
    if (one) std::rethrow_exception(one);
}

}  // namespace enxerto

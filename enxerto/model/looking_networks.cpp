#include "enxerto/model/looking_networks.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"

namespace enxerto {
namespace {

/// Most examples that are looked at need it, but those whose places are known do not.
class LazyNetwork {
 public:
  LazyNetwork(Graph graph, int threads) : graph_(std::move(graph)), threads_(threads) {}

  TensorMap run(const TensorMap& inputs) {
    std::call_once(once_, [&] { executor_ = compile(graph_, {.threads = threads_, .precision = Precision::fp32}); });
    return executor_->run(inputs);
  }

 private:
  Graph graph_;
  int threads_;
  std::once_flag once_;
  std::shared_ptr<Executor> executor_;
};

}  // namespace

PreprocessorPtr with_looking_networks(PreprocessorPtr preprocessor,
                                      const std::map<std::string, Graph, std::less<>>& networks, int threads) {
  NetworkRuns runs;
  for (const std::string& name : preprocessor->networks()) {
    const auto found = networks.find(name);
    if (found == networks.end())
      throw weights_error("preprocessing", fmt::format("its network '{}' is missing", name),
                          "the networks that it looks with");
    auto network = std::make_shared<LazyNetwork>(found->second, threads);
    runs[name] = [network](const TensorMap& inputs) { return network->run(inputs); };
  }
  return runs.empty() ? preprocessor : preprocessor->with_networks(runs);
}

}  // namespace enxerto

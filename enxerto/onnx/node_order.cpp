#include "enxerto/onnx/node_order.h"

#include <fmt/format.h>

#include <functional>
#include <queue>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/onnx/onnx_error.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using Makers = std::unordered_map<std::string_view, int>;

Makers makers_of(const enxerto_onnx::GraphProto& graph, const std::unordered_set<std::string>& given,
                 const std::string& where) {
  Makers makers;
  for (int i = 0; i < graph.node_size(); ++i) {
    for (const std::string& output : graph.node(i).output()) {
      if (output.empty()) continue;
      if (given.contains(output) || !makers.emplace(output, i).second)
        fail_onnx(where, {.found = fmt::format("value '{}' is defined twice", output), .expected = "once"});
    }
  }
  return makers;
}

/// The nodes' numbers, earliest first among those that are ready.
std::vector<int> order_of(const enxerto_onnx::GraphProto& graph, const Makers& makers,
                          const std::unordered_set<std::string>& given, const std::string& where) {
  const auto count = to_size(graph.node_size());
  std::vector<std::vector<int>> users(count);
  std::vector<int> waiting(count, 0), order;
  for (int i = 0; i < graph.node_size(); ++i) {
    for (const std::string& input : graph.node(i).input()) {
      if (input.empty() || given.contains(input)) continue;
      const auto maker = makers.find(input);
      if (maker == makers.end()) {
        fail_onnx(where,
                  {.found = fmt::format("node '{}' uses '{}', which nothing defines", graph.node(i).name(), input),
                   .expected = "values that are defined"});
      }
      users[to_size(maker->second)].push_back(i);
      ++waiting[to_size(i)];
    }
  }
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int i = 0; i < graph.node_size(); ++i)
    if (waiting[to_size(i)] == 0) ready.push(i);
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (const int user : users[to_size(order.back())])
      if (--waiting[to_size(user)] == 0) ready.push(user);
  }
  if (order.size() != count) {
    std::size_t stuck = 0;
    while (waiting[stuck] == 0) ++stuck;
    fail_onnx(where, {.found = fmt::format("a cycle at node '{}'", graph.node(static_cast<int>(stuck)).name()),
                      .expected = "a graph without cycles"});
  }
  return order;
}

}  // namespace

void order_nodes(enxerto_onnx::GraphProto& graph, const std::unordered_set<std::string>& given,
                 const std::string& where) {
  const std::vector<int> order = order_of(graph, makers_of(graph, given, where), given, where);
  google::protobuf::RepeatedPtrField<enxerto_onnx::NodeProto> nodes;
  nodes.Reserve(graph.node_size());
  for (const int i : order) nodes.Add()->Swap(graph.mutable_node(i));
  graph.mutable_node()->Swap(&nodes);
}

}  // namespace enxerto

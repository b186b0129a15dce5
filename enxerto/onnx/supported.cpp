#include "enxerto/onnx/supported.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "enxerto/graph/infer.h"
#include "enxerto/onnx/onnx_error.h"
#include "enxerto/onnx/upgrade.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 4> kControlFlow{"If", "Loop", "Scan", "SequenceMap"};
constexpr std::size_t kNamed = 3;

bool is_default_domain(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

bool is_read(const enxerto_onnx::NodeProto& node) {
  return is_default_domain(node.domain()) &&
         (is_known_operator(node.op_type()) || is_upgraded_operator(node.op_type()));
}

}  // namespace

void check_operators(const enxerto_onnx::GraphProto& graph, const std::string& where) {
  std::map<std::string, std::vector<std::string>> unknown;
  bool control_flow = false;
  for (const auto& node : graph.node()) {
    if (is_read(node)) continue;
    const bool plain = is_default_domain(node.domain());
    control_flow |= plain && std::find(kControlFlow.begin(), kControlFlow.end(), node.op_type()) != kControlFlow.end();
    unknown[plain ? node.op_type() : node.domain() + "." + node.op_type()].push_back(
        node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name());
  }
  if (unknown.empty()) return;
  std::string list;
  for (const auto& [op, nodes] : unknown) {
    list += fmt::format("{}{} ({}: ", list.empty() ? "" : "; ", op, nodes.size());
    for (std::size_t i = 0; i < std::min(nodes.size(), kNamed); ++i) list += (i == 0 ? "" : ", ") + nodes[i];
    list += nodes.size() > kNamed ? ", ..)" : ")";
  }
  fail_onnx(where, {.found = "unsupported operators: " + list,
                    .expected = "the operators that docs/operators.md lists",
                    .tip = control_flow ? "export the model without control flow (If, Loop and Scan)"
                                        : "export the model with plain operators of the default domain"});
}

}  // namespace enxerto

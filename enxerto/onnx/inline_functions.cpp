#include "enxerto/onnx/inline_functions.h"

#include <fmt/format.h>

#include <map>
#include <tuple>
#include <unordered_map>

#include "enxerto/onnx/onnx_error.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using enxerto_onnx::AttributeProto;
using enxerto_onnx::FunctionProto;
using enxerto_onnx::NodeProto;
using Key = std::tuple<std::string, std::string, std::string>;

constexpr int kDeepest = 32;
constexpr int kMostNodes = 1'000'000;

class Inliner {
 public:
  Inliner(enxerto_onnx::ModelProto& model, const std::string& where) : where_(where) {
    for (const FunctionProto& function : model.functions())
      functions_[{function.domain(), function.name(), function.overload()}] = &function;
  }

  bool is_needed() const { return !functions_.empty(); }

  void add(const NodeProto& node, int depth) {
    const auto function = functions_.find({node.domain(), node.op_type(), node.overload()});
    if (function != functions_.end()) return expand(node, *function->second, depth + 1);
    if (nodes_.size() >= kMostNodes)
      fail_onnx(where_, {.found = "functions that expand to too many nodes", .expected = "a network"});
    *nodes_.Add() = node;
  }

  google::protobuf::RepeatedPtrField<NodeProto>& nodes() { return nodes_; }

 private:
  using Names = std::unordered_map<std::string, std::string>;

  void expand(const NodeProto& call, const FunctionProto& function, int depth) {
    if (depth > kDeepest) {
      fail_onnx(where_, {.found = fmt::format("function '{}' calls itself", function.name()),
                         .expected = "functions without recursion"});
    }
    const std::string prefix = fmt::format("{}#{}", call.name().empty() ? function.name() : call.name(), ++calls_);
    Names names;
    for (int i = 0; i < function.input_size(); ++i)
      names[function.input(i)] = i < call.input_size() ? call.input(i) : "";
    for (int i = 0; i < function.output_size() && i < call.output_size(); ++i)
      if (!call.output(i).empty()) names[function.output(i)] = call.output(i);
    const auto renamed = [&](const std::string& name) {
      if (name.empty()) return name;
      const auto [place, fresh] = names.try_emplace(name, fmt::format("{}/{}", prefix, name));
      return place->second;
    };
    for (NodeProto node : function.node()) {
      for (std::string& input : *node.mutable_input()) input = renamed(input);
      for (std::string& output : *node.mutable_output()) output = renamed(output);
      node.set_name(fmt::format("{}/{}", prefix, node.name()));
      resolve(node, call, function);
      if (node.metadata_props_size() == 0) *node.mutable_metadata_props() = call.metadata_props();
      add(node, depth);
    }
  }

  /// An attribute of a node inside may stand for one of the call.
  static void resolve(NodeProto& node, const NodeProto& call, const FunctionProto& function) {
    google::protobuf::RepeatedPtrField<AttributeProto> kept;
    for (const AttributeProto& attribute : node.attribute()) {
      if (attribute.ref_attr_name().empty()) {
        *kept.Add() = attribute;
        continue;
      }
      const AttributeProto* given = find(call.attribute(), attribute.ref_attr_name());
      if (given == nullptr) given = find(function.attribute_proto(), attribute.ref_attr_name());
      if (given == nullptr) continue;
      *kept.Add() = *given;
      kept[kept.size() - 1].set_name(attribute.name());
    }
    *node.mutable_attribute() = kept;
  }

  static const AttributeProto* find(const google::protobuf::RepeatedPtrField<AttributeProto>& attributes,
                                    const std::string& name) {
    for (const AttributeProto& attribute : attributes)
      if (attribute.name() == name) return &attribute;
    return nullptr;
  }

  const std::string& where_;
  std::map<Key, const FunctionProto*> functions_;
  google::protobuf::RepeatedPtrField<NodeProto> nodes_;
  int calls_ = 0;
};

}  // namespace

void inline_functions(enxerto_onnx::ModelProto& model, const std::string& where) {
  Inliner inliner(model, where);
  if (!inliner.is_needed()) return;
  for (const NodeProto& node : model.graph().node()) inliner.add(node, 0);
  model.mutable_graph()->mutable_node()->Swap(&inliner.nodes());
}

}  // namespace enxerto

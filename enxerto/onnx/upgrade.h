#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/graph/inference.h"

namespace enxerto {

/// A node on its way from the opset of a file to opset 20: what is known before it, and where its successors go.
class Upgrade {
 public:
  /// `used` holds each value that something takes; `known` what is known of the values before the node.
  Upgrade(std::int64_t opset, const Inference& known, const std::unordered_set<std::string>& used)
      : opset_(opset), known_(known), used_(used) {}

  std::int64_t opset() const { return opset_; }
  const Inference& known() const { return known_; }
  bool is_used(const std::string& value) const { return used_.contains(value); }

  /// The type of an input, which must be there. Throws Error{weights}.
  const ValueType& type(const Node& node, std::size_t slot) const;

  /// Adds a node.
  void add(Node node) { nodes_.push_back(std::move(node)); }

  /// Adds a Constant, named after `node` and `role`; returns its value's name.
  std::string constant(const Node& node, std::string_view role, Tensor value);

  /// Adds an operation with one output, named after `node` and `role`; returns its output's name.
  struct Step {
    std::string_view op, role;
    std::vector<std::string> inputs = {};
    Attributes attributes = {};
  };
  std::string step(const Node& node, Step step);

  std::vector<Node> take() { return std::move(nodes_); }

 private:
  std::int64_t opset_;
  const Inference& known_;
  const std::unordered_set<std::string>& used_;
  std::vector<Node> nodes_;
};

/// Rewrites one operation of an opset below `until` (0: of any) as one or more of opset 20, by `upgrade.add`. Throws
/// Error{weights} where that is not possible.
struct UpgradeRow {
  std::string_view op;
  std::int64_t until;
  void (*apply)(Upgrade& upgrade, Node node);
};

/// The rows, one family of changes a file.
std::span<const UpgradeRow> input_upgrades();     ///< attributes that became inputs
std::span<const UpgradeRow> meaning_upgrades();   ///< operations whose meaning changed, or that went
std::span<const UpgradeRow> training_upgrades();  ///< operations that do something else while training
std::span<const UpgradeRow> newer_upgrades();     ///< operations of opsets 21 and 22
std::span<const UpgradeRow> recurrent_upgrades();

/// True for an operation that is only read, not written (Upsample).
bool is_upgraded_operator(std::string_view op);

/// The nodes of opset 20 that do what `node` does.
std::vector<Node> upgraded(Node node, Upgrade upgrade);

/// Throws Error{weights} that names the node.
[[noreturn]] void fail_upgrade(const Node& node, std::string found, std::string expected);

/// One number of a floating-point or integer type.
Tensor scalar_of(DType dtype, double value);

}  // namespace enxerto

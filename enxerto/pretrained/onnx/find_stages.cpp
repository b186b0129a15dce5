#include "enxerto/pretrained/onnx/find_stages.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/separators.h"

namespace enxerto {
namespace {

constexpr std::size_t kFewest = 4;     // stages that are worth choosing between
constexpr double kLargestShare = 0.8;  // one that holds more is a list of blocks, which are the stages
constexpr std::size_t kMost = 40;
constexpr std::size_t kEven = 6;  // stages where nothing tells them apart

using ScopePath = std::vector<std::string>;

ScopePath split(std::string_view text, char separator) {
  ScopePath parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "block_10_expand_1" -> "block_10", "conv2_block1_1_bn" -> "conv2", "block1a_dwconv" -> "block1": the first number
/// and what stands before it. Empty where there is none, or no word before it.
std::string numbered_part(std::string_view layer) {
  std::size_t begin = 0;
  while (begin < layer.size() && std::isdigit(static_cast<unsigned char>(layer[begin])) == 0) ++begin;
  std::size_t end = begin;
  while (end < layer.size() && std::isdigit(static_cast<unsigned char>(layer[end])) != 0) ++end;
  if (begin == 0 || end == begin) return "";
  const std::string_view word = layer.substr(0, begin);
  const std::size_t underscores = to_size(std::count(word.begin(), word.end(), '_'));
  return underscores > 1 || (underscores == 1 && !word.ends_with('_')) ? "" : std::string(layer.substr(0, end));
}

/// The modules from the outermost in; empty where nothing is known.
ScopePath path_of(const Node& node, const std::unordered_map<std::string, std::string>& scopes) {
  if (const auto scope = scopes.find(node.name); scope != scopes.end()) return split(scope->second, '.');
  const ScopePath parts = split(node.name, '/');
  if (parts.size() < 3) return {};  // network / layer / operation, as Keras nests them
  const std::string part = numbered_part(parts[1]);
  return part.empty() ? ScopePath{} : ScopePath{part};
}

struct Boundary {
  std::size_t position = 0;
  std::string key;
};

class StageFinder {
 public:
  StageFinder(const Graph& graph, std::size_t head, const std::unordered_map<std::string, std::string>& scopes)
      : graph_(graph), head_(head), types_(infer_shapes(graph)) {
    for (const Separator& separator : separators(graph)) {
      const SymbolicShape& shape = types_.at(separator.value).shape;
      if (separator.position < head && shape.size() >= 2 && shape[0].is_symbolic()) separators_.push_back(separator);
    }
    for (std::size_t i = 0; i < head; ++i)
      paths_.push_back(graph.nodes[i].op == "Constant" ? ScopePath{} : path_of(graph.nodes[i], scopes));
  }

  std::vector<Boundary> find() const {
    std::vector<Boundary> best;
    for (std::size_t depth = 1; depth <= 6; ++depth) {
      std::vector<Boundary> found = by_module(depth);
      if (found.size() > kMost) break;
      if (found.size() > best.size()) best = std::move(found);
      if (best.size() >= kFewest && largest_share(best) <= kLargestShare) break;
    }
    return best.size() >= 3 ? best : by_size();
  }

 private:
  /// The last separator after node `after` and not behind node `before`; 0 where there is none.
  std::size_t separator_between(std::size_t after, std::size_t before) const {
    std::size_t found = 0;
    for (const Separator& separator : separators_)
      if (separator.position > after && separator.position <= before) found = separator.position;
    return found;
  }

  /// How much of all parameters the largest stage holds.
  double largest_share(const std::vector<Boundary>& stages) const {
    std::size_t all = 0, largest = 0;
    for (std::size_t i = 0; i < stages.size(); ++i) {
      std::size_t bytes = 0;
      const std::size_t end = i + 1 < stages.size() ? stages[i + 1].position : head_;
      for (std::size_t node = stages[i].position; node < end; ++node)
        for (const std::string& input : graph_.nodes[node].inputs)
          if (const Tensor* tensor = graph_.parameters.find(input)) bytes += tensor->byte_size();
      all += bytes;
      largest = std::max(largest, bytes);
    }
    return all == 0 ? 0 : static_cast<double>(largest) / static_cast<double>(all);
  }

  /// Whether weights that multiply are used there: more than scales and shifts.
  bool holds_matrix(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i)
      for (const std::string& input : graph_.nodes[i].inputs) {
        const Tensor* tensor = graph_.parameters.find(input);
        if (tensor == nullptr) continue;
        if (std::ranges::count_if(tensor->shape(), [](std::int64_t size) { return size > 1; }) > 1) return true;
      }
    return false;
  }

  std::vector<Boundary> by_module(std::size_t depth) const {
    std::vector<Boundary> found;
    std::string current;
    std::size_t last = 0;
    for (std::size_t i = 0; i < head_; ++i) {
      if (paths_[i].empty()) continue;
      const ScopePath path(paths_[i].begin(),
                           paths_[i].begin() + static_cast<std::ptrdiff_t>(std::min(depth, paths_[i].size())));
      std::string key = fmt::format("{}", fmt::join(path, "."));
      const bool changes = found.empty() || key != current;
      const std::size_t position = found.empty() ? 0 : separator_between(last, i);
      if (changes && (found.empty() || position > 0)) found.push_back({position, key});
      current = std::move(key);
      last = i;
    }
    return with_matrices(std::move(found));
  }

  /// A stage without weights that multiply belongs to the one before it.
  std::vector<Boundary> with_matrices(std::vector<Boundary> all) const {
    std::vector<Boundary> kept;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t end = i + 1 < all.size() ? all[i + 1].position : head_;
      if (!holds_matrix(all[i].position, end)) continue;
      if (kept.empty()) all[i].position = 0;
      kept.push_back(all[i]);
    }
    return kept;
  }

  std::vector<Boundary> by_size() const {
    std::vector<std::size_t> positions{0};
    for (std::size_t i = 0; i + 1 < separators_.size(); ++i) {
      const SymbolicShape& now = types_.at(separators_[i].value).shape;
      const SymbolicShape& next = types_.at(separators_[i + 1].value).shape;
      if (now.size() == 4 && next.size() == 4 && now[2] != next[2]) positions.push_back(separators_[i].position);
    }
    if (positions.size() < 3) {
      positions = {0};
      for (std::size_t i = 1; i < kEven && separators_.size() >= kEven; ++i)
        positions.push_back(separators_[i * separators_.size() / kEven].position);
    }
    std::vector<Boundary> found;
    for (const std::size_t position : positions) found.push_back({position, ""});
    found = with_matrices(std::move(found));
    for (std::size_t i = 0; i < found.size(); ++i) found[i].key = fmt::format("stage{}", i);
    return found;
  }

  const Graph& graph_;
  std::size_t head_;
  ValueTypes types_;
  std::vector<Separator> separators_;
  std::vector<ScopePath> paths_;
};

/// What recipes, options and losses mean something else by.
constexpr std::array<std::string_view, 4> kReserved{kHeadStage, "all", "logits", "loss"};

/// "encoder.layers.3" -> "layers3", "block1.0" -> "block1_0", "features.denseblock1" -> "denseblock1".
std::string name_of_stage(const std::string& key, std::set<std::string>& taken) {
  const ScopePath path = split(key, '.');
  std::string name = path.empty() ? "stage" : path.back();
  if (path.size() > 1 && is_number(name)) {
    const std::string& outer = path[path.size() - 2];
    name = fmt::format("{}{}{}", outer, std::isdigit(static_cast<unsigned char>(outer.back())) != 0 ? "_" : "", name);
  }
  if (is_number(name)) name = "stage" + name;
  std::string unique = name;
  for (int number = 2; !taken.insert(unique).second; ++number) unique = fmt::format("{}_{}", name, number);
  return unique;
}

}  // namespace

Graph with_found_stages(Graph graph, std::size_t head, const std::unordered_map<std::string, std::string>& scopes) {
  std::vector<Boundary> boundaries = StageFinder(graph, head, scopes).find();
  if (boundaries.empty() && head > 0) boundaries.push_back({0, "stage0"});
  std::set<std::string> taken(kReserved.begin(), kReserved.end());
  std::size_t next = 0;
  std::string stage;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (next < boundaries.size() && i == boundaries[next].position)
      stage = name_of_stage(boundaries[next++].key, taken);
    graph.nodes[i].stage = i >= head ? std::string(kHeadStage) : stage;
  }
  return graph;
}

}  // namespace enxerto

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

/// "bij,bjk->bik" in its terms; a left-out output holds each letter that stands once, in alphabetical order.
Equation parse(const Node& node) {
  std::string text = required_attribute<std::string>(node, "equation");
  std::erase(text, ' ');
  if (text.find('.') != std::string::npos) fail_inference(node, "an ellipsis in the equation", "letters for all axes");
  Equation equation;
  const std::size_t arrow = text.find("->");
  std::string left = text.substr(0, arrow);
  std::map<char, int> seen;
  equation.inputs.emplace_back();
  for (const char letter : left) {
    if (letter == ',') {
      equation.inputs.emplace_back();
    } else {
      equation.inputs.back() += letter;
      ++seen[letter];
    }
  }
  if (arrow != std::string::npos) {
    equation.output = text.substr(arrow + 2);
  } else {
    for (const auto& [letter, count] : seen)
      if (count == 1) equation.output += letter;
  }
  return equation;
}

std::vector<ValueType> einsum(const Node& node, std::span<const InferInput> inputs) {
  const Equation equation = parse(node);
  // The engine has no scalars in it.
  for (const std::string& letters : equation.inputs)
    if (letters.empty()) fail_inference(node, "a term without letters in the equation", "at least one axis per term");
  if (equation.inputs.size() != inputs.size()) fail_inference(node, "another number of inputs", "one per term");
  std::map<char, Dim> sizes;
  for (std::size_t slot = 0; slot < inputs.size(); ++slot) {
    const SymbolicShape& shape = input_type(node, inputs, slot).shape;
    const std::string& letters = equation.inputs[slot];
    if (letters.size() != shape.size())
      fail_inference(node, letters + " for " + to_string(shape), "one letter per axis");
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const auto [place, fresh] = sizes.try_emplace(letters[i], shape[i]);
      if (!fresh && place->second == Dim(1)) place->second = shape[i];
      if (place->second != shape[i] && shape[i] != Dim(1) && !shape[i].is_symbolic() && !place->second.is_symbolic()) {
        fail_inference(node, std::string("two sizes for '") + letters[i] + "'", "one size per letter");
      }
    }
  }
  SymbolicShape shape;
  for (const char letter : equation.output) {
    const auto size = sizes.find(letter);
    if (size == sizes.end()) fail_inference(node, std::string("an output axis '") + letter + "'", "one of an input");
    shape.push_back(size->second);
  }
  return {{input_type(node, inputs, 0).dtype, std::move(shape)}};
}

constexpr std::array kInferEinsumRows{InferRow{"Einsum", einsum}};

}  // namespace

std::span<const InferRow> einsum_rules() { return kInferEinsumRows; }

}  // namespace enxerto

#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// Names of the tensors that are a head of the file's own, in place of the network's: dense layers ("dense_1/kernel"
/// and "dense_1/bias", "fc.0.weight" without a bias), and the normalisations and PReLU between them. Empty unless
/// `report`, of `network` without its classifier, complains of them alone, one of them is dense, and none lies in a
/// module of the network before its head ("layer3.0.se.fc1"): that is another network.
std::vector<std::string> foreign_head(const LoadReport& report, const StateDict& weights, const Blueprint& network);

/// Names of the tensors that no layer of a network has, where `report` complains of them alone: counters, and the
/// weights of classes in a loss ("criterion.weight"), outside of the modules of `network`.
std::vector<std::string> left_by_training(const LoadReport& report, const StateDict& weights, const Blueprint& network);

/// The layers that tensors belong to, each once: "fc.0" of "fc.0.weight" and "fc.0.bias".
std::vector<std::string> layers_of(std::span<const std::string> names);

}  // namespace enxerto

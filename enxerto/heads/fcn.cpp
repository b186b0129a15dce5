#include "enxerto/heads/fcn.h"

#include <string>
#include <utility>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/map_head.h"
#include "enxerto/heads/pixel_layers.h"

namespace enxerto {

void add_fcn(GraphBuilder& net, const HeadFeatures& features, std::int64_t classes) {
  constexpr std::int64_t kNarrower = 4;
  constexpr float kDropped = 0.1F;
  const Value& map = single_map(features, classes);
  const std::string& x = map.name;
  net.stage(std::string(kHeadStage));
  const std::string narrow = normed_conv(
      net, x, {.name = "head.narrow", .out = map.shape[1].size / kNarrower, .kernel = 3, .padding = Padding::centered});
  const std::string dropped = net.add("Dropout", "head.dropout", {narrow, net.constant(Tensor::scalar(kDropped))});
  const std::string scores = net.conv(dropped, {.name = "head.scores", .out = classes, .bias = true});
  answer_with(net, scores);
}

Blueprint fcn_network(const HeadSpec& /*spec*/, const HeadFeatures& features, std::int64_t classes) {
  return alone(features, [&](GraphBuilder& net) { add_fcn(net, features, classes); });
}

std::optional<HeadSpec> fcn_in(const StateDict& parameters) {
  return parameters.contains("head.narrow.weight") ? std::optional(HeadSpec{.kind = "fcn"}) : std::nullopt;
}

}  // namespace enxerto

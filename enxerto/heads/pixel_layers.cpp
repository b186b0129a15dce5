#include "enxerto/heads/pixel_layers.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/bilinear_resize.h"
#include "enxerto/heads/map_head.h"

namespace enxerto {
void require_pixel_maps(const HeadFeatures& features, std::int64_t classes) {
  if (features.maps.empty() || !std::ranges::all_of(features.maps, is_fixed_map))
    throw usage_error("head: features", features.maps.empty() ? "no maps" : to_string(features.maps.front().shape),
                      "feature maps (batch, channels, height, width) at a fixed input size", "a convolutional network");
  if (classes < 1) throw usage_error("head: classes", fmt::format("{}", classes), "at least one");
}

const Value& single_map(const HeadFeatures& features, std::int64_t classes) {
  require_pixel_maps(features, classes);
  if (features.maps.size() > 1)
    throw usage_error("head.features", fmt::format("{} maps for a head that takes one", features.maps.size()),
                      "one stage");
  return features.maps.front();
}

std::string brought_to_size(GraphBuilder& net, const std::string& x, const std::string& name, const std::string& like) {
  const SymbolicShape &shape = net.shape_of(x), wanted = net.shape_of(like);
  if (shape[2] == wanted[2] && shape[3] == wanted[3]) return x;
  return net.add("Resize", name, {x, "", "", net.integers({wanted[2].size, wanted[3].size})}, bilinear_resize());
}

std::string normed_conv(GraphBuilder& net, const std::string& x, const ConvSpec& conv) {
  const std::string normed = net.batch_norm(net.conv(x, conv), conv.name + ".norm", kNormEpsilonOfMaps);
  return net.relu(normed, conv.name + ".act");
}

void answer_with(GraphBuilder& net, const std::string& scores) {
  const std::string answer = net.add("Identity", "head.answer", {scores});
  net.output(scores, std::string(kHeadLogits)).output(answer, std::string(kHeadProbabilities));
}

}  // namespace enxerto

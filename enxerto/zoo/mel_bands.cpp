#include "enxerto/zoo/mel_bands.h"

#include <vector>

#include "enxerto/zoo/frame_products.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {

std::string mel_bands(GraphBuilder& net, const std::string& row, const MelBands& spec) {
  using Ints = std::vector<std::int64_t>;
  const auto squares = [&](const std::string& wave) {
    const std::string kernel = fixed_parameter(net, spec.name + wave, {spec.bins, 1, spec.window});
    const std::string name = spec.name + wave + ".part";
    const std::string part = spec.behind == 0 ? frame_products(net, row, kernel, name, spec.hop)
                                              : net.add("Conv", name, {row, kernel},
                                                        {{"strides", Ints{spec.hop}}, {"pads", Ints{0, spec.behind}}});
    return net.add("Mul", spec.name + wave + ".squares", {part, part});
  };
  std::string heard = net.add("Add", spec.name + ".power", {squares(".cosine"), squares(".sine")});
  if (!spec.power) heard = net.add("Sqrt", spec.name + ".magnitude", {heard});
  return net.add("Conv", spec.name + ".mels",
                 {heard, fixed_parameter(net, spec.name + ".bands", {spec.mels, spec.bins, 1})});
}

}  // namespace enxerto

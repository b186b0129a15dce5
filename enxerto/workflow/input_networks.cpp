#include "enxerto/workflow/input_networks.h"

#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/model/looking_networks.h"
#include "enxerto/pretrained/face_api.h"

namespace enxerto {

PreprocessorPtr with_input_networks(PreprocessorPtr preprocessor, const Recipe& recipe, Backbone& backbone) {
  const Recipe::Input& input = recipe.input;
  if (input.finder.empty() && input.detector != "auto")
    throw usage_error("input.detector", "has no effect: there is no finder", "", "input.finder = FOLDER");
  if (!input.finder.empty()) {
    FaceNetworks found = load_face_networks(input.finder, {.detector = input.detector == "auto" ? "" : input.detector});
    try {
      preprocessor = patched(*preprocessor, {{"finder", to_json(found.settings)}}, "input");
    } catch (const Error&) {
      throw usage_error("input.finder", "has no effect: nothing is cut out by points", "",
                        R"(input.fit = "five_points" or "eyes_and_mouth"; or leave it out)");
    }
    backbone.networks.clear();
    backbone.networks.emplace("detector", std::move(found.detector));
    backbone.networks.emplace("landmarks", std::move(found.landmarks));
  }
  return with_looking_networks(preprocessor, backbone.networks, static_cast<int>(recipe.run.threads));
}

}  // namespace enxerto

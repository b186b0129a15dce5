#include "enxerto/pretrained/front_ends.h"

#include <algorithm>
#include <array>

#include "enxerto/pretrained/sound_as_picture.h"

namespace enxerto {
namespace {

constexpr std::array kFrontEnds{
    FrontEnd{Medium::audio, Medium::image, "drawn as log-mel spectrograms", sound_settings, sound_as_picture},
};

}  // namespace

const FrontEnd* front_end(Medium of, Medium reads) {
  const auto* const row =
      std::ranges::find_if(kFrontEnds, [&](const FrontEnd& known) { return known.of == of && known.reads == reads; });
  return row == kFrontEnds.end() ? nullptr : row;
}

}  // namespace enxerto

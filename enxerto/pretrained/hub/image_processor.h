#pragma once
#include "enxerto/media/image/preprocess.h"
#include "enxerto/pretrained/hub/config.h"

namespace enxerto {

/// What the image processors of transformers do by a preprocessor_config.json, those of ViT (squash), BiT (resize the
/// shorter side, crop) and ConvNeXt (the crop as a fraction; from 384 px on squash); what it does not say is as in
/// `usual`. Throws Error{weights} for what none of these can be.
ImagePreprocess image_processor(const HubConfig& config, const ImagePreprocess& usual);

/// The same by the `pretrained_cfg` of timm.
ImagePreprocess timm_preprocess(const HubConfig& config);

}  // namespace enxerto

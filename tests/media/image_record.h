#pragma once
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto::testing {

/// What an image's preprocessor does, read back from its record.
inline ImagePreprocess image_of(const PreprocessorPtr& preprocessor) {
  return image_preprocess_from_json(preprocessor->record(), "record");
}

}  // namespace enxerto::testing

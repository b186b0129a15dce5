#include "enxerto/model/resolved_precision.h"

#include <string>

#include "enxerto/engine/precision.h"

namespace enxerto {

Precision resolved_precision(const Bundle& bundle, ModelPrecision asked) {
  const bool bf16 = asked == ModelPrecision::as_trained
                        ? member<std::string>(bundle.precision, "prefix", "precision.json", ErrorKind::weights) ==
                              name_of(Precision::bf16)
                        : asked == ModelPrecision::bf16;
  return bf16 && has_bf16() ? Precision::bf16 : Precision::fp32;
}

}  // namespace enxerto

#include <algorithm>

#include "enxerto/engine/load_module.h"
#include "enxerto/features/extract.h"
#include "enxerto/graph/fingerprint.h"

namespace enxerto {

Hash128 feature_space(const FeatureSource& source) {
  Hash128Stream hash;
  hash.add(std::string_view("feature space 1")).add(source.preprocessor->record().dump());
  if (!source.prefix.nodes.empty())
    hash.add(fingerprint(source.prefix)).add(name_of(source.precision)).add(engine_module().version());
  // Of one value the rest says it all, as ever since.
  if (source.prefix.outputs.size() > 1 || source.preprocessor->inputs().size() > 1)
    for (const Value& output : source.prefix.outputs)
      hash.add(std::string_view("value")).add(std::string_view(output.name));
  // How far examples are filled up may change the last bits of their rows.
  const auto varies = [](const InputSpec& spec) { return !spec.fixed(); };
  if (std::ranges::any_of(source.preprocessor->inputs(), varies)) hash.add(std::string_view("lengths 2"));
  if (source.storage != DType::f32) hash.add(std::string_view("rows of")).add(name_of(source.storage));
  return hash.value();
}

}  // namespace enxerto

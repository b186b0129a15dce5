#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/weights/pytorch/pickle_value.h"

namespace enxerto {

/// Whether a value is a whole network as torch.save(model) pickles it: an object of any class whose attributes are
/// those of torch.nn.Module. Its code is neither needed nor run.
bool is_pickled_module(const PickleValue& value);

/// A tensor, not yet made, under its name.
struct NamedValue {
  std::string name;
  const PickleValue* value = nullptr;
};

/// What Module.state_dict() would return, in its order: parameters, then buffers but those that are not persistent,
/// then the same of each module inside, "outer.inner.weight". Throws Error{weights} where modules hold each other
/// without end.
std::vector<NamedValue> tensors_of_module(const PickleValue& module, std::string_view where);

/// "'package.Net'"; where a file before 1.6 keeps the class next to its source, the same.
std::string class_of(const PickleValue& object);

}  // namespace enxerto

#include "enxerto/model/task_of.h"

namespace enxerto {

TaskPtr task_of(const Bundle& bundle, std::string_view where) {
  return task_from_record({{"kind", bundle.task}, {"names", bundle.labels}}, where);
}

}  // namespace enxerto

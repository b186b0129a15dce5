#include "enxerto/model/task_of.h"

namespace enxerto {

TaskPtr task_of(const Bundle& bundle, std::string_view where) {
  Json record{{"kind", bundle.task}, {"names", bundle.labels}};
  record.update(bundle.task_facts);
  return task_from_record(record, where);
}

}  // namespace enxerto

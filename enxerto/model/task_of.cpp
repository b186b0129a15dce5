#include "enxerto/model/task_of.h"

namespace enxerto {

TaskPtr task_of(const Bundle& bundle, std::string_view where) { return task_from_record(task_record(bundle), where); }

}  // namespace enxerto

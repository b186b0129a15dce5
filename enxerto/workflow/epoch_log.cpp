#include "enxerto/workflow/epoch_log.h"

#include <vector>

#include "enxerto/files/atomic_write.h"
#include "enxerto/report/epochs_csv.h"

namespace enxerto {

std::filesystem::path beside_output(const std::filesystem::path& output, std::string_view ending) {
  std::filesystem::path plain = output.lexically_normal();
  if (!plain.has_filename()) plain = plain.parent_path();
  return plain += ending;
}

void log_epochs(const std::filesystem::path& output, const RunState& run, const PhaseHistory& running) {
  std::vector<PhaseHistory> phases;
  for (const FinishedPhase& finished : run.finished) phases.push_back(finished.history);
  phases.push_back(running);
  write_atomically(beside_output(output, ".epochs.csv"), epochs_csv(phases));
}

}  // namespace enxerto

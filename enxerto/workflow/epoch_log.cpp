#include "enxerto/workflow/epoch_log.h"

#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/files/atomic_write.h"
#include "enxerto/files/durable.h"
#include "enxerto/report/epochs_csv.h"
#include "enxerto/report/event_file.h"

namespace enxerto {
namespace {

constexpr const char* kEventFile = "events.out.tfevents.enxerto";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// What the file lacks is appended, where it is the beginning of what it is to be; a run that was killed may have left
/// half a record.
void write_events(const std::filesystem::path& folder, std::span<const PhaseHistory> phases, EventRun run) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw_disk_error(folder, "cannot be created", failed.value());
  const std::filesystem::path path = folder / kEventFile;
  const std::string there = text_of(path);
  std::string events = event_file(phases, run, start_of(there));
  const bool goes_on = !there.empty() && events.starts_with(there);
  if (!goes_on) events = event_file(phases, run, seconds_since_1970());
  std::ofstream file(path, std::ios::binary | (goes_on ? std::ios::app : std::ios::trunc));
  file << (goes_on ? events.substr(there.size()) : events) << std::flush;
  if (!file) throw_disk_error(path, "cannot be written", errno);
}

}  // namespace

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
  const std::filesystem::path events = beside_output(output, ".tensorboard");
  write_events(events / "training", phases, EventRun::training);
  write_events(events / "validation", phases, EventRun::validation);
}

}  // namespace enxerto

#include "enxerto/training/checkpoint.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "enxerto/files/durable.h"
#include "enxerto/files/file_lock.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/files/temporary.h"
#include "enxerto/training/checkpoint_file.h"
#include "enxerto/training/run_identity.h"
#include "enxerto/training/run_state.h"

namespace enxerto {
namespace {

constexpr const char* kLock = "lock";
constexpr const char* kPhases = "phases.safetensors";    // written between two phases
constexpr const char* kRunning = "running.safetensors";  // written in a phase; void once `kPhases` has one phase more

constexpr std::size_t kLongestProcessId = 64;

[[noreturn]] void throw_held(const std::filesystem::path& folder) {
  std::string holder = "another process";
  try {
    const std::string id = read_text(folder / kLock, kLongestProcessId);
    if (!id.empty()) holder = "process " + id.substr(0, id.find('\n'));
  } catch (const Error&) {  // the lock is what counts; its holder's name is a courtesy
  }
  throw usage_error(folder.string(), holder + " is training in this folder", "one run at a time",
                    "wait for it, or another output.path");
}

FileLock locked(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw_disk_error(folder, "cannot be created", failed.value());
  const std::filesystem::path path = folder / kLock;
  std::optional<FileLock> lock = FileLock::try_alone(path);
  // A run that ended in this moment may have removed the file that was locked.
  if (!lock && access(folder.c_str(), W_OK) != 0) throw_disk_error(folder, "cannot be written", errno);
  if (!lock || !lock->is(path)) throw_held(folder);
  const std::string id = fmt::format("{}\n", getpid());
  if (ftruncate(lock->descriptor(), 0) != 0 ||
      pwrite(lock->descriptor(), id.data(), id.size(), 0) != static_cast<ssize_t>(id.size()))
    throw_disk_error(path, "cannot be written", errno);
  return std::move(*lock);
}

void remove_checkpoint(const std::filesystem::path& folder) {
  std::error_code failed;
  for (const char* name : {kRunning, kPhases, kLock}) {
    std::filesystem::remove(folder / name, failed);
    if (failed) throw_disk_error(folder / name, "cannot be removed", failed.value());
  }
  std::filesystem::remove(folder, failed);  // stays where somebody has put something of his own there
}

std::string group_of(const KeptEpoch& epoch) { return fmt::format("epoch {}", epoch.epoch); }

RunCheckpoint read_run(const std::filesystem::path& folder, const CheckpointFile& phases) {
  const std::filesystem::path path = folder / kPhases, running_path = folder / kRunning;
  StateDict weights = phases.group("weights");
  StateDict best = phases.text("best_is_last", path) == "yes" ? weights : phases.group("best");
  RunCheckpoint found;
  found.run = run_state_from(phases.text("run", path), std::move(weights), std::move(best), path.string());
  if (!is_file(running_path)) return found;
  const CheckpointFile running = read_checkpoint(running_path);
  if (running.text("phase", running_path) != fmt::to_string(found.run.finished.size())) return found;
  if (running.text("identity", running_path) != phases.text("identity", path)) return found;
  found.running = LoopSnapshot{.state = loop_state_from(running.text("state", running_path), running_path.string()),
                               .trainer = running.group("trainer"),
                               .best = running.group("best")};
  for (KeptEpoch& one : found.running->state.kept) one.weights = running.group(group_of(one));
  return found;
}

}  // namespace

struct CheckpointFolder::Lock {
  FileLock file;
};

std::filesystem::path CheckpointFolder::beside(const std::filesystem::path& output) {
  std::filesystem::path path = output.has_filename() ? output : output.parent_path();
  path += ".training";
  return path;
}

CheckpointFolder::CheckpointFolder(std::filesystem::path folder, RunIdentity identity, bool resume, Progress& progress)
    : folder_(std::move(folder)), identity_(std::move(identity)), lock_(new Lock{locked(folder_)}) {
  remove_abandoned(folder_);
  const std::filesystem::path path = folder_ / kPhases;
  if (!is_file(path)) {
    if (resume)
      progress.notice(fmt::format("{}: there is no checkpoint, the run starts from the beginning", folder_.string()));
    return;
  }
  if (!resume) require_none(folder_);
  const CheckpointFile phases = read_checkpoint(path);
  const RunIdentity before = run_identity_from(phases.text("identity", path), path.string());
  require_same_run(before, identity_, folder_);
  if (before.machine != identity_.machine)
    progress.notice(fmt::format("{}: the run began on {} and continues on {}: its weights will not be bit-identical",
                                folder_.string(), before.machine, identity_.machine));
  identity_.machine = before.machine;
  found_ = read_run(folder_, phases);
}

CheckpointFolder::~CheckpointFolder() = default;

void CheckpointFolder::require_none(const std::filesystem::path& folder) {
  if (!is_file(folder / kPhases)) return;
  throw usage_error(folder.string(), "a training run was interrupted here", "resume = true, which continues it",
                    "resume = true, or output.replace = true to start again");
}

void CheckpointFolder::discard(const std::filesystem::path& folder) {
  if (!is_file(folder / kPhases)) return;
  const FileLock lock = locked(folder);
  remove_checkpoint(folder);
}

void CheckpointFolder::save(const RunState& run) {
  CheckpointFile file;
  file.texts = {
      {"identity", to_text(identity_)}, {"run", to_text(run)}, {"best_is_last", best_is_last(run) ? "yes" : "no"}};
  file.groups["weights"] = run.weights;
  if (!best_is_last(run)) file.groups["best"] = run.best.weights();
  write_checkpoint(folder_ / kPhases, file);
  std::error_code ignored;  // a file that stays is void: it names an earlier phase
  std::filesystem::remove(folder_ / kRunning, ignored);
}

void CheckpointFolder::save(const LoopSnapshot& running, std::int64_t phase) {
  if (!is_file(folder_ / kPhases)) save(RunState{});
  CheckpointFile file;
  file.texts = {{"identity", to_text(identity_)}, {"phase", fmt::to_string(phase)}, {"state", to_text(running.state)}};
  file.groups["trainer"] = running.trainer;
  file.groups["best"] = running.best;
  for (const KeptEpoch& one : running.state.kept) file.groups[group_of(one)] = one.weights;
  write_checkpoint(folder_ / kRunning, file);
}

void CheckpointFolder::remove() { remove_checkpoint(folder_); }

}  // namespace enxerto

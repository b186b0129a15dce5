#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/state_dict.h"
#include "enxerto/engine/executor.h"
#include "enxerto/training/best_so_far.h"
#include "enxerto/training/loop_state.h"
#include "enxerto/training/training_loop.h"

namespace enxerto {

/// What a run is: a checkpoint is resumed only where all of this is equal.
struct RunIdentity {
  std::string network;                    ///< fingerprint of the network before training, head included
  std::vector<std::string> classes = {};  ///< names, in order
  std::string data;                       ///< digest of all examples and of which part they are in
  std::string recipe;                     ///< TOML; what differs is named by its key
  std::string machine;  ///< engine, processor, threads, precision: where it differs there is a notice only,
                        ///< that weights will not be equal to the bit
};

/// One phase that has ended.
struct FinishedPhase {
  std::string name;
  std::int64_t kept_epoch = 0, epochs = 0, steps = 0, skipped_steps = 0;
  bool stopped_early = false;
  std::optional<Score> score = {};
  std::optional<EpochMean> mean = {};
  PhaseHistory history = {};
};

/// `outcome` without its weights.
FinishedPhase finished(const PhaseOutcome& outcome);

/// What a phase chose itself and a resumed run must keep.
struct PhaseNotes {
  std::optional<double> rate = {};     ///< the learning rate that the finder chose
  Precision prefix = Precision::fp32;  ///< that its frozen part ran in
  std::int64_t epochs = 0;             ///< that a time limit left of it; 0: there is none

  /// For the report of a phase that had ended before the run was stopped.
  std::string frozen = {};                ///< how the frozen side was had
  Precision precision = Precision::fp32;  ///< that was trained in
  double learning_rate = 0;
  std::int64_t accumulation_steps = 1, learned_values = 0;
  bool operator==(const PhaseNotes&) const = default;
};

/// A run between its phases.
struct RunState {
  std::vector<FinishedPhase> finished = {};  ///< the next phase is number `finished.size()`
  StateDict weights = {};                    ///< that earlier phases have changed, as the next phase begins
  BestSoFar best = {};
  std::vector<PhaseNotes> notes = {};  ///< of each phase that has begun
};

/// What a checkpoint holds.
struct RunCheckpoint {
  RunState run = {};
  std::optional<LoopSnapshot> running = {};  ///< of phase number `run.finished.size()`
};

/// The folder beside the output in which a running training is kept. Only one process at a time: the lock goes with the
/// object, and with the process when it is killed. Files are replaced whole: whatever happens, and on a full disk, the
/// last checkpoint that was written is there.
class CheckpointFolder {
 public:
  /// `<output>.training`.
  static std::filesystem::path beside(const std::filesystem::path& output);

  /// Opens and locks `folder`, and makes it where it is missing. Throws Error{usage} where another process has it
  /// (naming its id), where a checkpoint is there and `resume` is false (saying what to do) and where the checkpoint is
  /// of other classes, other data or another recipe; Error{weights} where it is of another network or damaged;
  /// Error{disk}. With `resume` and no checkpoint there, the run starts from the beginning, with a notice.
  CheckpointFolder(std::filesystem::path folder, RunIdentity identity, bool resume, Progress& progress = no_progress());
  ~CheckpointFolder();
  CheckpointFolder(const CheckpointFolder&) = delete;
  CheckpointFolder& operator=(const CheckpointFolder&) = delete;

  /// Throws Error{usage}, saying what to do, where a checkpoint is in `folder`.
  static void require_none(const std::filesystem::path& folder);

  /// Removes a checkpoint that is in `folder`. Throws Error{usage} where another process has it, Error{disk}.
  static void discard(const std::filesystem::path& folder);

  /// What to go on with; nullopt where the run begins. Tensors may lie in memory maps of the files, which replacing
  /// them does not disturb.
  const std::optional<RunCheckpoint>& found() const { return found_; }

  /// Keeps a run between two phases (and at its beginning); a running phase that was kept before is forgotten. Throws
  /// Error{disk}.
  void save(const RunState& run);

  /// Keeps the running phase, which is number `phase`, the `run.finished.size()` of the last `save`. Throws
  /// Error{disk}.
  void save(const LoopSnapshot& running, std::int64_t phase);

  /// Removes the checkpoint and, where it is empty, the folder: the model is saved.
  void remove();

  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Lock;
  std::filesystem::path folder_;
  RunIdentity identity_;
  std::unique_ptr<Lock> lock_;
  std::optional<RunCheckpoint> found_;
};

}  // namespace enxerto

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "enxerto/files/mapping.h"
#include "enxerto/workflow/identify_run.h"
#include "enxerto/workflow/time_limit.h"
#include "enxerto/workflow/training_run.h"

namespace enxerto {

namespace {

/// An interruption, wherever it met the run, of which there is a checkpoint.
Error resumable(const Error& error) {
  ErrorText text = error.text();
  text.tip = "the same run with resume = true";
  return {error.kind(), std::move(text)};
}

}  // namespace

TrainReport TrainingRun::run() {
  try {
    return tell();
  } catch (const ShrunkFile& error) {
    forget(error);
    throw;
  } catch (const Error& error) {
    try {
      throw_if_a_file_shrank();  // what was read of it may look like any other error
    } catch (const ShrunkFile& shrunk) {
      forget(shrunk);
      throw;
    }
    forget(error);
    if (error.kind() == ErrorKind::interrupted && checkpoints_) throw resumable(error);
    throw;
  }
}

/// A failed run leaves nothing that blocks the next: its checkpoint stays only where going on may end otherwise, or
/// where an earlier run has made it.
void TrainingRun::forget(const Error& error) {
  constexpr std::array kOtherwise{ErrorKind::interrupted, ErrorKind::disk, ErrorKind::memory};
  const bool may_end_otherwise = std::ranges::find(kOtherwise, error.kind()) != kOtherwise.end() ||
                                 dynamic_cast<const ShrunkFile*>(&error) != nullptr;
  if (may_end_otherwise || !checkpoints_ || checkpoints_->found()) return;
  try {
    checkpoints_->remove();
  } catch (const Error& failure) {  // what went wrong first is what counts
    progress_.notice(failure.what());
  }
}

void TrainingRun::open_checkpoints() {
  if (solves_only()) {
    if (report_.recipe.resume) notice_nothing_to_resume();
    return;
  }
  const RunIdentity identity = identify({.network = grown_,
                                         .recipe = report_.recipe,
                                         .classes = report_.classes,
                                         .training = context_.training,
                                         .validation = context_.validation,
                                         .contents = readable_.contents});
  const std::filesystem::path folder = CheckpointFolder::beside(report_.recipe.output.path);
  if (report_.recipe.output.replace && !report_.recipe.resume) CheckpointFolder::discard(folder);
  checkpoints_ = std::make_unique<CheckpointFolder>(folder, identity, report_.recipe.resume, progress_);
  if (checkpoints_->found()) {
    state_ = checkpoints_->found()->run;
    resume_ = checkpoints_->found()->running;
    for (std::size_t i = 0; i < std::min(phases_.size(), state_.notes.size()); ++i)
      shorten(phases_[i], state_.notes[i].epochs);
    for (std::size_t i = 0; i < state_.finished.size(); ++i)
      (is_refit(i) ? report_.refit : report_.phases).push_back(reported(i));
  } else {
    if (report_.recipe.resume) notice_nothing_to_resume();
    checkpoints_->save(state_);
  }
}

void TrainingRun::notice_nothing_to_resume() {
  progress_.notice(fmt::format("there is no checkpoint to resume at {}: the run starts from its beginning",
                               CheckpointFolder::beside(report_.recipe.output.path).string()));
}

void TrainingRun::save_checkpoint() {
  if (checkpoints_) checkpoints_->save(state_);
}

}  // namespace enxerto

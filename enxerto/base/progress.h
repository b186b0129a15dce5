#pragma once
#include <cstddef>
#include <string_view>

namespace enxerto {

/// Watches a long piece of work: is informed of its progress and can stop it. The library itself prints nothing.
/// `advance` and `cancelled` may be called from several threads at once; the others from the caller's thread only.
class Progress {
 public:
  virtual ~Progress() = default;

  /// A part of `total` steps begins ("extract", "fit"); 0 where the number is not known.
  virtual void begin(std::string_view /*part*/, std::size_t /*total*/) {}
  virtual void advance(std::size_t /*steps*/) {}
  virtual void end() {}

  /// What came out of a part, such as the losses of an epoch; of interest while it happens.
  virtual void result(std::string_view /*text*/) {}

  /// Something that the user should know and that stops nothing, e.g. a hidden folder that was ignored.
  virtual void notice(std::string_view /*text*/) {}

  /// True once the work should stop; asked often.
  virtual bool cancelled() const { return false; }
};

/// A `Progress` that does nothing, for callers who do not care.
Progress& no_progress();

/// Throws Error{interrupted} once `progress.cancelled()`.
void throw_if_cancelled(const Progress& progress);

}  // namespace enxerto

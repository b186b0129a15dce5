#pragma once

namespace enxerto::cli {

/// From now on Ctrl-C, SIGTERM and, unless `nohup` has it ignored, SIGHUP (a terminal that was closed) ask the work to
/// stop; a second one ends the program at once. A reader that goes away
/// (SIGPIPE) and a file size limit (SIGXFSZ) become ordinary write errors.
void install_signal_handlers();

/// The signal that asked to stop, 0 for none.
int stop_signal();

}  // namespace enxerto::cli

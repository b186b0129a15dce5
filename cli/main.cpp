#include <exception>
#include <new>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "parse.h"
#include "session.h"
#include "signals.h"
#include "terminal_progress.h"

int main(int argc, char** argv) {
  using enxerto::Error, enxerto::ErrorKind;
  namespace cli = enxerto::cli;
  try {
    cli::Session session;
    cli::CommandLine line(session);
    if (const auto code = line.parse(argc, argv)) return *code;
    cli::install_signal_handlers();
    session.progress = cli::terminal_progress({.quiet = session.quiet});
    const int code = session.command();
    return std::fflush(stdout) == 0 ? code : static_cast<int>(ErrorKind::disk);
  } catch (const Error& error) {
    fmt::print(stderr, "enxerto: {}\n", error.what());
    return error.kind() == ErrorKind::interrupted && cli::stop_signal() != 0 ? 128 + cli::stop_signal()
                                                                             : error.exit_code();
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "enxerto: not enough memory; try: a smaller --batch or --size\n");
    return static_cast<int>(ErrorKind::memory);
  } catch (const std::exception& error) {
    fmt::print(stderr, "enxerto: {}\n", error.what());
    return static_cast<int>(ErrorKind::other);
  }
}

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string_view>
#include <system_error>

#include "enxerto/base/error.h"
#include "parse.h"
#include "print_error.h"
#include "session.h"
#include "signals.h"
#include "terminal_progress.h"
#include "text.h"

namespace enxerto::cli {
namespace {

Error output_failed(int error_number) {
  return disk_error("standard output", std::strerror(error_number), "room for all of it");
}

int run(int argc, char** argv) {
  Session session;
  for (const char* word : std::span(argv, static_cast<std::size_t>(argc)))
    session.typed += (session.typed.empty() ? "" : " ") + shell_word(word);
  CommandLine line(session);
  if (const auto code = line.parse(argc, argv)) return *code;
  install_signal_handlers();
  session.progress = terminal_progress({.quiet = session.quiet});
  const int code = session.command();
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
  return code;
}

int exit_code_of(const Error& error) {
  return error.kind() == ErrorKind::interrupted && stop_signal() != 0 ? 128 + stop_signal() : error.exit_code();
}

/// Whoever read the output has gone, as `head` does once it has enough: no fault, and nobody to tell.
constexpr int kReaderGone = 128 + SIGPIPE;

int failed(const Error& error, bool json) {
  print_error(error, exit_code_of(error), json);
  return exit_code_of(error);
}

}  // namespace
}  // namespace enxerto::cli

int main(int argc, char** argv) {
  using enxerto::Error, enxerto::ErrorKind, enxerto::cli::failed;
  // Asked for even where the line itself is what is wrong.
  const bool json = std::ranges::any_of(std::span(argv, static_cast<std::size_t>(argc)),
                                        [](std::string_view word) { return word == "--json"; });
  try {
    return enxerto::cli::run(argc, argv);
  } catch (const Error& error) {
    return failed(error, json);
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::not_enough_memory || error.code() == std::errc::resource_unavailable_try_again)
      return failed(Error(ErrorKind::memory, {.where = "", .found = error.what(), .tip = "fewer --threads"}), json);
    // {fmt} throws these where what it prints to takes no more; threads and folders throw them too.
    if (std::ferror(stdout) != 0 && error.code().value() == EPIPE) return enxerto::cli::kReaderGone;
    return failed(std::ferror(stdout) != 0 ? enxerto::cli::output_failed(error.code().value())
                                           : Error(ErrorKind::other, {.where = "", .found = error.what()}),
                  json);
  } catch (const std::bad_alloc&) {
    return failed(
        Error(ErrorKind::memory, {.where = "", .found = "not enough memory", .tip = "a smaller --batch or --size"}),
        json);
  } catch (const std::exception& error) {
    return failed(Error(ErrorKind::other, {.where = "", .found = error.what()}), json);
  }
}

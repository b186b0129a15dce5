#pragma once
#include <memory>
#include <optional>

#include "session.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace enxerto::cli {

/// The whole command line as a tree of options; its callbacks write into `session`, which must outlive it.
std::unique_ptr<CLI::App> make_app(Session& session);

/// Parses; returns an exit code where there is nothing more to do: 0 for --help and --version, 2 for a wrong word,
/// which is answered by the nearest right one.
std::optional<int> parse(CLI::App& app, int argc, char** argv);

}  // namespace enxerto::cli

#pragma once
#include <array>
#include <string_view>

#include "session.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace enxerto::cli {

/// Each adds its subcommand to `app` and, once that is parsed, sets `session.command`.
void add_train(CLI::App& app, Session& session);
void add_predict(CLI::App& app, Session& session);
void add_evaluate(CLI::App& app, Session& session);
void add_features(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_export(CLI::App& app, Session& session);
void add_inspect(CLI::App& app, Session& session);
void add_models(CLI::App& app, Session& session);
void add_cache(CLI::App& app, Session& session);
void add_completion(CLI::App& app, Session& session);

/// In the order in which `--help` lists them.
inline constexpr std::array kCommands = {add_train,  add_predict, add_evaluate, add_features, add_verify,
                                         add_export, add_inspect, add_models,   add_cache,    add_completion};

}  // namespace enxerto::cli

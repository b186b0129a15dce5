#pragma once
#include <array>
#include <string_view>

#include "command.h"
#include "session.h"

namespace enxerto::cli {

/// Each adds its subcommand to `app` and, once that is parsed, sets `session.command`.
void add_train(Command& app, Session& session);
void add_predict(Command& app, Session& session);
void add_evaluate(Command& app, Session& session);
void add_features(Command& app, Session& session);
void add_generate(Command& app, Session& session);
void add_verify(Command& app, Session& session);
void add_export(Command& app, Session& session);
void add_inspect(Command& app, Session& session);
void add_data(Command& app, Session& session);
void add_gallery(Command& app, Session& session);
void add_landmarks(Command& app, Session& session);
void add_models(Command& app, Session& session);
void add_cache(Command& app, Session& session);
void add_completion(Command& app, Session& session);

/// In the order in which `--help` lists them.
inline constexpr std::array kCommands = {add_train,     add_predict, add_generate, add_evaluate,  add_features,
                                         add_verify,    add_export,  add_inspect,  add_data,      add_gallery,
                                         add_landmarks, add_models,  add_cache,    add_completion};

}  // namespace enxerto::cli

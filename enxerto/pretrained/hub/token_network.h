#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/blueprint.h"
#include "enxerto/pretrained/hub/config.h"

namespace enxerto {

/// A network of tokens of the zoo, of the sizes that a config.json states.
struct TokenNetwork {
  Blueprint blueprint;      ///< inputs and output as `token_input` of the zoo says
  std::string_view naming;  ///< a row of `name_tables()`
  std::string_view pool;    ///< how one row of features is usual to be made of its tokens: a row of `HeadPooling`
  std::int64_t vocabulary = 0, longest = 0;  ///< words that it has rows for, and tokens of a text
  std::int64_t types = 0;                    ///< that "token_type_ids" has; 0: it is no input
  std::vector<std::string> notes = {};       ///< what the config says and does not hold here
};

/// What the config.json of transformers says; nullopt for a `model_type` that is not one of `token_model_types`. Throws
/// Error{weights} naming the file for operations and sizes that the zoo does not have.
std::optional<TokenNetwork> token_network(const HubConfig& config);

/// "bert", "gpt2" ..
std::vector<std::string> token_model_types();

}  // namespace enxerto

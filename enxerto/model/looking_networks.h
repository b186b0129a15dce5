#pragma once
#include <functional>
#include <map>
#include <string>

#include "enxerto/graph/graph.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// `preprocessor` with the networks that it looks with, each compiled when it is first needed, for calls from as many
/// threads; the same where it looks with none. Throws Error{weights} where `networks` lacks one.
PreprocessorPtr with_looking_networks(PreprocessorPtr preprocessor,
                                      const std::map<std::string, Graph, std::less<>>& networks, int threads);

}  // namespace enxerto

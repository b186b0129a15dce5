#include "enxerto/workflow/training_pieces.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/pieces.h"
#include "enxerto/transfer/causality.h"

namespace enxerto {

void prepare_to_foretell(TrainingData& data, const Backbone& backbone, const Preprocessor& preprocessor,
                         Progress& progress) {
  require_causal(backbone.graph, backbone.spec.name);
  if (!backbone.left_out.empty())
    progress.notice(
        fmt::format("{} of the file is not used: the output layer shares the word vectors at the input (tied weights)",
                    fmt::join(backbone.left_out, ", ")));
  const std::size_t wholes = data.all->size();
  Pieces pieces = in_pieces(data.all, preprocessor, progress);
  if (pieces.dataset->size() == 0) throw data_error("data", "nothing to predict", "texts of several words");
  data.train_end = pieces.first.at(data.train_end);
  data.validation_end = pieces.first.at(data.validation_end);
  data.all = std::move(pieces.dataset);
  progress.notice(fmt::format("{} in {} of {}; none crosses the border of a document", counted(wholes, "document"),
                              counted(data.all->size(), "block"), preprocessor.summary()));
}

}  // namespace enxerto

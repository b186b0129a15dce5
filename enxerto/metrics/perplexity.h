#pragma once
#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "perplexity": exp of the mean surprise of a token, over all tokens of all examples (never a mean of means);
/// "bits_per_token"; and "bits_per_byte", surprise in bits over the bytes that these tokens are, the one of them that
/// compares networks with different vocabularies, where no word is unknown. The baseline is that of always foretelling
/// the tokens by how frequent they are in the data that were read (unigrams), which knows these data.
///
/// Outputs "probabilities" (n, 2): surprise of an example in nats, and how many tokens it is of. Targets (n, 3): bytes,
/// surprise by the unigrams, tokens.
class Perplexity final : public Metric {
 public:
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { *this = {}; }

 private:
  double surprise_ = 0, tokens_ = 0, bytes_ = 0, of_unigrams_ = 0, counted_ = 0;
};

}  // namespace enxerto

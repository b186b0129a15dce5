#include "enxerto/transfer/phase_sources.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/row_nouns.h"
#include "enxerto/features/compiled_prefixes.h"
#include "enxerto/features/kept_values.h"
#include "enxerto/transfer/cached_rows.h"
#include "enxerto/transfer/live_source.h"

namespace enxerto {
namespace {

constexpr std::int64_t kMostOwnViews = 5;

/// How a phase's examples become what its trained part gets.
class SourceMaker {
 public:
  SourceMaker(const Graph& prefix, const Phase& phase, const PhaseContext& context, Progress& progress)
      : phase_(phase),
        context_(context),
        progress_(progress),
        extraction_(context.extraction),
        changes_(!context.preprocessor->random_changes(phase.augmentation).empty()) {
    source_ = {.prefix = prefix,
               .preprocessor = context.preprocessor,
               .storage = dtype_of_cache(context.settings.cache.dtype)};
    if (!extraction_.compiled) extraction_.compiled = std::make_shared<CompiledPrefixes>();
    source_.description =
        fmt::format("{} before {}, {}", prefix.name, phase.train_from, context.preprocessor->summary());
    made_.description = source_.description;
  }

  PhaseSources make() {
    if (!source_.prefix.nodes.empty()) {
      const std::optional<PrefixPrecision> known = known_precision();
      made_.precision = known ? *known : resolve();
      source_.precision = made_.precision.chosen;
    }
    keep_what_targets_need();
    const std::size_t views = changes_ ? view_count() : 1;
    const std::size_t rows = context_.training.size() * views + context_.validation.size();
    const std::uint64_t bytes = feature_bytes(source_, *context_.dataset, rows, 1);
    const bool fits = bytes <= context_.settings.cache.budget_bytes();
    const bool live = !fits || (changes_ && source_.prefix.nodes.empty());
    made_.how = words(views, bytes, live);
    progress_.result(fmt::format("{}: {}", phase_.train_from, made_.how));
    made_.training = live ? live_part(context_.training, true) : cached_part(context_.training, views, true);
    if (!context_.validation.empty())
      made_.validation = fits ? cached_part(context_.validation, 1, false) : live_part(context_.validation, false);
    return std::move(made_);
  }

 private:
  /// Behind what the trained part takes.
  void keep_what_targets_need() {
    const std::vector<std::string> names = context_.task ? context_.task->row_values() : std::vector<std::string>{};
    for (const std::string& name : names)
      if (std::ranges::find(source_.prefix.outputs, name, &Value::name) == source_.prefix.outputs.end())
        for_targets_.push_back(name);
    source_ = keeping(std::move(source_), names);
  }

  PrefixPrecision resolve() const {
    return resolve_precision(context_.settings.precision, source_, *context_.dataset, context_.extraction, progress_,
                             phase_.solved_exactly() ? PrecisionJudge::loss : PrecisionJudge::features);
  }

  /// What was resolved for the same prefix when the data were read.
  std::optional<PrefixPrecision> known_precision() const {
    if (context_.ready == nullptr || !context_.ready_precision) return std::nullopt;
    FeatureSource same = keeping(source_, context_.task->row_values());
    same.precision = context_.ready_precision->chosen;
    return context_.ready->is_of(same) ? context_.ready_precision : std::nullopt;
  }

  std::size_t view_count() const {
    return static_cast<std::size_t>(phase_.views > 0 ? phase_.views : std::min(phase_.epochs, kMostOwnViews));
  }

  std::string words(std::size_t views, std::uint64_t bytes, bool live) const {
    const bool frozen = !source_.prefix.nodes.empty();
    const std::string size = format_bytes(bytes);
    const std::string examples =
        fmt::format("{} {}", format_count(context_.training.size() + context_.validation.size()),
                    nouns_of_rows(context_.dataset->info(), *context_.preprocessor));
    if (live && !frozen) return fmt::format("nothing is frozen: {} are read when they are needed", examples);
    if (live) return fmt::format("{} would exceed the budget: frozen values are recomputed in every epoch", size);
    return fmt::format("cached {} of {}{}: {}", frozen ? "features" : "inputs", examples,
                       views > 1 ? fmt::format(", {} views each", views) : "", size);
  }

  std::function<std::string(std::size_t)> names_of(const std::vector<std::size_t>& positions) const {
    return [dataset = context_.dataset, positions](std::size_t example) {
      return dataset->get(positions.at(example))->id();
    };
  }

  /// The examples of a phase could be read when the run began.
  static void require_all(const Extracted& extracted) {
    if (extracted.skipped.empty()) return;
    const BadExample& first = extracted.skipped.front();
    throw data_error(first.id, fmt::format("could be read when the run began, and no longer can ({})", first.reason),
                     "data that stay as they are until the run ends", "put them back, and start again");
  }

  TargetSource targets_of(const std::vector<std::size_t>& positions) const {
    return {context_.task, context_.dataset, positions};
  }

  std::unique_ptr<BatchSource> cached_part(const std::vector<std::size_t>& positions, std::size_t views,
                                           bool training) {
    const DatasetPtr part = subset(context_.dataset, positions);
    CachedRowsOptions rows{.views = {}, .targets = targets_of(positions), .for_targets = for_targets_};
    for (std::size_t view = 0; view < views; ++view) {
      FeatureSource source = source_;
      if (training && changes_) {
        source.augmentation = phase_.augmentation;
        source.augment_seed = context_.settings.random_seed();
        source.view = static_cast<std::int64_t>(view);
      }
      std::optional<Extracted> ready = context_.ready ? context_.ready->of(source, positions) : std::nullopt;
      Extracted extracted = ready ? std::move(*ready) : extract(*part, source, extraction_, progress_);
      require_all(extracted);
      made_.computed += extracted.computed;
      made_.cached += extracted.cached;
      made_.repaired += extracted.repaired;
      made_.storage.push_back(std::move(extracted.storage));
      rows.views.push_back(std::move(extracted.stored));
      if (training && extracted.rows.size() > 0) made_.views.push_back(std::move(extracted.rows));
    }
    rows.name = names_of(positions);
    if (training) {
      rows.mixup = phase_.augmentation.mixup;
      rows.cutmix = phase_.augmentation.cutmix;
    }
    rows.seed = context_.settings.random_seed();
    return cached_rows(std::move(rows));
  }

  std::unique_ptr<BatchSource> live_part(const std::vector<std::size_t>& positions, bool training) {
    FeatureSource source = source_;
    if (training) source.augmentation = phase_.augmentation;
    source.augment_seed = context_.settings.random_seed();
    return live_source({.dataset = context_.dataset,
                        .positions = positions,
                        .source = std::move(source),
                        .threads = context_.extraction.threads,
                        .targets = targets_of(positions),
                        .augmented = training,
                        .for_targets = for_targets_});
  }

  const Phase& phase_;
  const PhaseContext& context_;
  Progress& progress_;
  ExtractOptions extraction_;  // its networks are of no use once the phase has its rows
  bool changes_;
  FeatureSource source_;
  std::vector<std::string> for_targets_;
  PhaseSources made_;
};

}  // namespace

PhaseSources phase_sources(const Graph& prefix, const Phase& phase, const PhaseContext& context, Progress& progress) {
  return SourceMaker(prefix, phase, context, progress).make();
}

}  // namespace enxerto

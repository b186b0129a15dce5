#include "enxerto/workflow/evaluate.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/report/json.h"
#include "evaluate_transcripts.h"
#include "evaluate_translations.h"
#include "extraction_options.h"
#include "idle_options.h"
#include "predict_transcripts.h"
#include "print_metrics.h"
#include "text.h"
#include "word_search.h"

namespace enxerto::cli {
namespace {

Json to_json(const EvaluationReport& report) {
  Json json{
      {"examples", report.examples}, {"task", report.task}, {"part", report.part}, {"precision", report.precision}};
  json.update(enxerto::to_json(report.metrics));
  json.update(Json{{"unknown_classes", report.unknown},
                   {"missing_classes", report.missing},
                   {"left_out", report.left_out},
                   {"learned_from", report.learned_from ? enxerto::Json(*report.learned_from) : enxerto::Json()},
                   {"computed", report.computed},
                   {"cached", report.cached},
                   {"skipped", skipped_json(report.skipped)},
                   {"seconds", timing_json(report.seconds)}});
  return json;
}

/// Throws Error{usage} for what a network that translates takes no notice of.
void refuse_idle_options(const EvaluateOptions& options, const WordSearchOptions& words, bool bf16) {
  const IdleOptions idle{"the model translates", "another model"};
  idle.refuse("--part", !options.part.empty());
  idle.refuse("--precision", bf16);
  idle.refuse("--on-bad", options.on_bad != OnBad::few);
  idle.refuse("--targets", !options.table.targets.empty());
  idle.refuse("--images", !options.table.images.empty());
  idle.refuse("--label", !options.table.label.empty());
  idle.refuse(words.given(), !words.given().empty());
}

struct EvaluateRequest {
  std::string model, data, precision = "as-trained", language;
  EvaluateOptions evaluate;
  ExtractionOptions extraction;
  std::filesystem::path reference;
  std::optional<std::size_t> beams;
  WordSearchOptions words;
};

/// Throws Error{usage} for what a network that writes what is said takes no notice of.
void refuse_of_transcripts(const EvaluateRequest& options) {
  const IdleOptions idle{"Whisper writes what is most probable", ""};
  idle.refuse("--beams", options.beams.has_value());
  idle.refuse("--reference", !options.reference.empty());
  idle.refuse(options.words.given(), !options.words.given().empty());
}

int run_evaluation(const Session& session, EvaluateRequest& options) {
  options.extraction.apply(options.evaluate);
  if (translates(options.model)) {
    IdleOptions{"the model translates", "a Whisper of several languages"}.refuse("--language",
                                                                                 !options.language.empty());
    refuse_idle_options(options.evaluate, options.words, options.precision == "bf16");
    return evaluate_translation_network(
        session, {.model = options.model, .beams = options.beams, .threads = options.evaluate.threads},
        {.source = options.data, .target = options.reference, .columns = options.evaluate.table.texts});
  }
  if (transcribes(options.model)) {
    refuse_of_transcripts(options);
    return evaluate_transcription_network(session, {.model = options.model,
                                                    .data = options.data,
                                                    .part = options.evaluate.part,
                                                    .language = options.language,
                                                    .table = options.evaluate.table,
                                                    .on_bad = options.evaluate.on_bad,
                                                    .threads = options.evaluate.threads,
                                                    .bf16 = options.precision == "bf16"});
  }
  IdleOptions{"the model is told none", "a Whisper of several languages"}.refuse("--language",
                                                                                 !options.language.empty());
  IdleOptions{"the model does not translate", "a translation network"}.refuse("--reference",
                                                                              !options.reference.empty());
  options.evaluate.reading.beams = options.beams.value_or(1);
  options.words.apply(options.beams, options.evaluate.reading);
  options.evaluate.precision = from_word<ModelPrecision>(options.precision).value_or(ModelPrecision::as_trained);
  const EvaluationReport report = evaluate(options.model, options.data, options.evaluate, *session.progress);
  if (session.json) {
    session.print(to_json(report));
    return 0;
  }
  print_labelled(
      "data", fmt::format("{}: {} of the part '{}'", options.data, counted(report.examples, report.noun), report.part));
  print_skipped(report.skipped);
  print_metrics(report.metrics, report.noun);
  if (report.learned_from.value_or(0) > 0)
    print_labelled("learned",
                   fmt::format("the model learned from {} of these {}: the figures are better than on new ones",
                               *report.learned_from, report.examples));
  if (session.verbose) print_labelled("time", timing_text(report.seconds));
  return 0;
}

}  // namespace

void add_evaluate(Command& app, Session& session) {
  Command* command = app.add_subcommand("evaluate", "Evaluate a model on labelled examples");
  auto options = std::make_shared<EvaluateRequest>();
  command->add_option("MODEL", options->model, "A saved model, or another network that 'predict' reads")->required();
  command
      ->add_option(
          "DATA", options->data,
          "Labelled data as 'train' takes them: class folders, a table (.csv, .tsv, .jsonl), boxes, questions "
          "..; classes, labels and values are matched by name. For translations: lines (with --reference), .tsv, .csv "
          "or .jsonl of pairs")
      ->required();
  command
      ->add_option("--part", options->evaluate.part,
                   "Part of the data: train | validation | test | all (test where there is one)")
      ->one_of({"train", "validation", "test", "all"});
  command
      ->add_option("--precision", options->precision,
                   "Precision of the frozen network: as-trained | fp32 | bf16 (as-trained)")
      ->one_of({"as-trained", "fp32", "bf16"});
  command
      ->add_option("--targets", options->evaluate.table.targets,
                   "Columns of a table that hold the targets (those of the model's names)")
      ->separated_by(',');
  command
      ->add_option("--text-column", options->evaluate.table.texts,
                   "Column of a table that has the texts, or two for pairs")
      ->separated_by(',');
  command->add_option("--images", options->evaluate.table.images,
                      "Folder that the file names in a table are relative to (the table's folder)");
  command->add_option("--label", options->evaluate.table.label,
                      "Class of each file in a folder: a regular expression whose one capture group finds it in the "
                      "path (the one that the model was trained with, where files lie in the folder itself)");
  command->add_option("--reference", options->reference,
                      "For translations: the file whose lines are those of DATA in the other language");
  command
      ->add_option("--beams", options->beams,
                   "For translations and speech: search with so many beams (translations: as the network says; else 1)")
      ->between(1, 10'000);
  command->add_option("--language", options->language,
                      "For a Whisper of several languages: the one that is spoken, as pt");
  options->words.add_to(*command);
  options->extraction.add_to(*command);
  command->callback(
      [&session, options] { session.command = [&session, options] { return run_evaluation(session, *options); }; });
}

}  // namespace enxerto::cli

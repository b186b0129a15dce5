#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "answer_files.h"
#include "commands.h"
#include "drawn_examples.h"
#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/coco_ids.h"
#include "enxerto/data/concatenate.h"
#include "enxerto/data/csv.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/open.h"
#include "enxerto/data/squad.h"
#include "enxerto/data/unlabelled_texts.h"
#include "enxerto/engine/kept_networks.h"
#include "enxerto/features/cache.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/model/model.h"
#include "enxerto/pretrained/ready_model.h"
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/read_as_learned.h"
#include "label_files.h"
#include "named_files.h"
#include "predict_options.h"
#include "predict_pairs.h"
#include "predict_transcripts.h"
#include "predict_translations.h"
#include "prediction_formats.h"
#include "standard_error.h"
#include "streamed_examples.h"

namespace enxerto::cli {
namespace {

using Options = PredictOptions;

void refuse_language(const Options& options) {
  IdleOptions{"has no effect on this model", "a Whisper of several languages"}.refuse("--language",
                                                                                      !options.language.empty());
}

/// Throws Error{usage} for what a network that translates takes no notice of.
TranslationOptions translation_options(const Options& options) {
  const IdleOptions idle{"the model translates", "another model"};
  refuse_of_answers(idle, options);
  idle.refuse("--precision", options.precision == "bf16");
  idle.refuse("--on-bad", options.on_bad != "error");
  return {.model = options.model,
          .format = options.format,
          .files = options.files,
          .beams = options.beams,
          .max_new_tokens = options.max_new_tokens,
          .length_penalty = options.length_penalty,
          .threads = options.threads};
}

/// Throws Error{usage} for what a network that writes what is said takes no notice of.
TranscriptionOptions transcription_options(const Options& options) {
  const IdleOptions idle{"Whisper writes what is most probable", ""};
  refuse_of_answers(idle, options);
  idle.refuse("--beams", options.beams.has_value());
  idle.refuse("--length-penalty", options.length_penalty.has_value());
  idle.refuse("--max-new-tokens", options.max_new_tokens.has_value());
  return {.model = options.model,
          .format = options.format,
          .on_bad = options.on_bad,
          .language = options.language,
          .files = options.files,
          .threads = options.threads,
          .bf16 = options.precision == "bf16"};
}

void refuse_translation_options(const Options& options) {
  if (options.max_new_tokens || options.length_penalty)
    throw usage_error("--length-penalty or --max-new-tokens", "the model does not translate", "a translation network",
                      "leave them out");
}

/// Texts where the model reads texts: a table stands for its column, a file of questions for these, and "-", which
/// gives nullptr, for lines or JSON lines of standard input.
std::vector<DatasetPtr> named_texts(const std::vector<std::string>& words, const std::vector<std::string>& learned,
                                    Progress& progress) {
  std::vector<DatasetPtr> parts;
  for (const std::string& word : words) {
    std::error_code ignored;
    if (learned.size() > 1 && word != "-" && !std::filesystem::exists(word, ignored))  // a text file has one field only
      throw data_error(printable(word), "does not exist", "a table, lines of JSON or a file of questions",
                       "check the path");
    parts.push_back(word == "-"               ? nullptr
                    : is_questions_file(word) ? everything(open_data(word, {}, progress))
                    : is_table_name(word)     ? text_table(word, learned)
                                              : open_files({word}, Medium::text, progress));
    if (parts.back()) require_as_many_fields(parts.back()->info(), learned, word);
  }
  return parts;
}

/// In one data set; texts of standard input, and what is named beside them, in several.
std::vector<DatasetPtr> named_examples(const Model& model, const std::vector<std::string>& words,
                                       const std::vector<std::string>& learned, Progress& progress) {
  const Medium medium = model.preprocessor().sample(0).front().medium;
  if (medium != Medium::text) return {open_files(named_files(words), medium, progress)};
  std::vector<DatasetPtr> parts = named_texts(words, learned, progress);
  if (std::ranges::find(words, "-") == words.end()) parts = {concatenate(std::move(parts))};
  return parts;
}

/// What is asked for, as far as the model's task has it. Throws Error{usage} for what it has not.
ReadingOptions reading_of(const Task& task, const Options& options) {
  const std::vector<std::string_view> known = task.reading_options();
  const auto require = [&](std::string_view option, bool given) {
    if (given && std::find(known.begin(), known.end(), option) == known.end())
      throw usage_error(std::string(option), fmt::format("the model is for {}", task.kind().title), "another model",
                        "leave it out");
  };
  require("--top", options.top.has_value());
  require("--threshold", options.threshold.has_value());
  if (options.threshold.value_or(0) < 0 && !task.kind().decides)
    throw usage_error("--threshold", fmt::format("{:g}", *options.threshold), "a probability, 0 to 1",
                      "give the least probability that is listed");
  require("--no-answer-threshold", options.no_answer.has_value());
  require("--max-answer-length", options.longest_answer.has_value());
  require("--beams", options.beams.has_value());
  require("--language-model", !options.words.given().empty());
  const ReadingOptions standard;
  ReadingOptions reading{.top_k = options.top.value_or(standard.top_k),
                         .threshold = options.threshold,
                         .no_answer = options.no_answer.value_or(standard.no_answer),
                         .longest_answer = options.longest_answer.value_or(standard.longest_answer),
                         .beams = options.beams.value_or(standard.beams)};
  options.words.apply(options.beams, reading);
  return reading;
}

const PredictionFormat& format_of(const Options& options) {
  const auto formats = prediction_formats();
  return *std::ranges::find(formats, options.format, &PredictionFormat::name);
}

const LabelForm& label_form_of(const Options& options) {
  const auto forms = label_forms();
  return options.labels_form.empty() ? forms.front() : *std::ranges::find(forms, options.labels_form, &LabelForm::name);
}

/// What is asked for where things are, of a model that says it.
void require_places(const Task& task, const PredictionFormat& format, const Options& options) {
  const std::vector<std::string_view> known = task.reading_options();
  if (format.answers && std::ranges::find(known, "--max-answer-length") == known.end())
    throw usage_error("--format " + options.format, fmt::format("a model for {}", task.kind().title),
                      "a model that answers questions", "leave it out");
  const auto require = [&](bool has, std::string_view option, std::string_view what, std::string_view model) {
    if (!has)
      throw usage_error(std::string(option),
                        fmt::format("a model for {}, whose predictions {}", task.kind().title, what),
                        std::string(model), "leave it out");
  };
  require(!format.places || task.kind().boxes, "--format", "have no box", "a model that finds objects");
  require(options.draw.empty() || task.kind().draws, "--draw", "have no place",
          "a model that finds objects, or the classes of pixels");
  require(options.labels.empty() || task.kind().boxes, "--labels", "have no box", "a model that finds objects");
  if (options.labels.empty() && !options.labels_form.empty())
    throw usage_error("--labels-form", "has no effect without --labels", "--labels FOLDER", "leave it out");
  require(options.masks.empty() || !task.kind().file.empty(), "--masks", "are no masks",
          "a model for semantic segmentation");
}

/// The ids of `--ids-from`. Throws Error{usage} where the format has none, Error{data} where a class or an example has
/// none.
ForeignIds foreign_ids(const Options& options, const PredictionFormat& format, const Model& model,
                       const Dataset* examples) {
  if (options.ids.empty()) return {};
  if (!format.has_ids && (options.labels.empty() || !label_form_of(options).has_ids))
    throw usage_error("--ids-from", fmt::format("'{}' has no effect on --format {}", options.ids, options.format),
                      "--format coco, or --labels with --labels-form coco", "leave it out");
  const CocoIds ids = read_coco_ids(options.ids);
  std::vector<std::string> names;
  for (std::size_t i = 0; examples != nullptr && i < examples->size(); ++i) names.push_back(examples->get(i)->id());
  const std::vector<std::int64_t> images = ids.ids_of_images(names, options.ids);
  ForeignIds foreign{.classes = ids.ids_of_categories(model.labels(), options.ids)};
  for (std::size_t i = 0; i < names.size(); ++i) foreign.examples.emplace(std::move(names[i]), images[i]);
  return foreign;
}

/// Empty where the environment has no place for a cache.
std::filesystem::path compiled_networks_folder() {
  const std::filesystem::path cache = default_cache_directory();
  return cache.empty() ? cache : cache / kNetworksFolder;
}

/// A saved one, or a network of somebody else's whose head says what it is for.
Model named_model(const Options& options) {
  const ModelOptions run{.threads = options.threads,
                         .precision = from_word<ModelPrecision>(options.precision).value_or(ModelPrecision::as_trained),
                         .compiled_in = options.no_cache ? "" : compiled_networks_folder()};
  std::optional<Bundle> ready = ready_model(options.model);
  return ready ? Model(*std::move(ready), run) : Model::load(options.model, run);
}

int predict_by_model(const Session& session, const Options& options) {
  const PredictionFormat& format = format_of(options);
  const Model model = named_model(options);
  refuse_translation_options(options);  // a model that cannot be read says so first
  const ReadingOptions reading = reading_of(model.task(), options);
  for (const std::string& note : model.task().reading_notes(reading)) session.progress->notice(note);
  if (model.task().kind().of_pairs) {
    require_places(model.task(), format, options);
    return predict_pairs(session, model,
                         {.files = options.files,
                          .images = options.images,
                          .format = options.format,
                          .skips_bad = options.on_bad == "skip",
                          .threshold = options.threshold});
  }
  IdleOptions{"has no effect: the model compares no pairs", ""}.refuse("--images", !options.images.empty());
  const std::vector<std::string> learned = learned_data(model.recipe(), *session.progress).texts;
  const std::vector<DatasetPtr> parts = named_examples(model, options.files, learned, *session.progress);
  const DatasetPtr examples = parts.size() == 1 ? parts.front() : nullptr;  // none of texts of standard input
  require_places(model.task(), format, options);
  const ForeignIds ids = foreign_ids(options, format, model, examples.get());
  std::optional<DrawnExamples> drawings;
  if (!options.draw.empty()) drawings.emplace(options.draw, *examples, model.task());
  std::optional<LabelFiles> labels;
  if (!options.labels.empty())
    labels.emplace(LabelFiles::Options{options.labels, label_form_of(options), model.labels(), ids}, *examples);
  std::optional<AnswerFiles> masks;
  if (!options.masks.empty()) masks.emplace(options.masks, model.task());
  Json rows = Json::array();
  std::size_t bad = 0;
  bool any = false;
  if (!session.json) fmt::print("{}", format.head);
  const auto answer = [&](const PredictedExample& example) {
    if (!example.bad.empty()) {
      ++bad;
      if (options.on_bad == "error" && !session.json) tell(fmt::format("enxerto: {}\n", example.bad));
      if (options.on_bad == "skip") session.progress->notice(example.bad);
    }
    if (session.json) {
      rows.push_back(prediction_json(example, model.task()));
    } else {
      const std::string lines = format.lines(example, model.task(), ids);
      fmt::print("{}{}", any && !lines.empty() ? format.between : "", lines);
      any = any || !lines.empty();
    }
    if (drawings && example.bad.empty()) drawings->draw(example);
    if (labels && example.bad.empty()) labels->write(example);
    if (masks && example.bad.empty()) masks->write(example);
  };
  predict_parts(model, parts, learned, reading, options.threads, answer, *session.progress);
  if (labels) labels->finish();
  if (session.json)
    session.print({{"predictions", rows}});
  else
    fmt::print("{}", format.tail);
  return bad > 0 && options.on_bad == "error" ? static_cast<int>(ErrorKind::data) : 0;
}

int predict(const Session& session, const Options& options) {
  if (session.json && options.format != "text")
    throw usage_error("--format", fmt::format("'{}' with --json, which is a format of its own", options.format), "",
                      "one of the two");
  if (translates(options.model)) {
    refuse_language(options);
    return predict_translations(session, translation_options(options));
  }
  if (transcribes(options.model)) return predict_transcripts(session, transcription_options(options));
  refuse_language(options);
  return predict_by_model(session, options);
}

void add_translation_options(Command& command, Options& options) {
  command
      .add_option("--beams", options.beams,
                  "For translations and speech: search with so many beams (translations: as the network says; else 1)")
      ->between(1, 10'000);
  command.add_option("--length-penalty", options.length_penalty,
                     "For translations with beams: log-probabilities are divided by the length to this power (1)");
  command.add_option("--language", options.language,
                     "For a Whisper of several languages: the one that is spoken, as pt");
  command
      .add_option("--max-new-tokens", options.max_new_tokens,
                  "For translations: tokens of one at most (as many as the network reads)")
      ->positive();
}

/// What is written beside the answers.
void add_outputs(Command& command, Options& options) {
  command.add_option("--ids-from", options.ids,
                     "For --format coco and --labels-form coco: the file in COCO's form that the predictions are to "
                     "be evaluated with; images and categories get its ids");
  command.add_option("--draw", options.draw,
                     "For objects and masks: write the pictures with their boxes or classes into this folder");
  command.add_option("--labels", options.labels,
                     "For objects: write files of boxes into this folder, to be corrected and learned from");
  command
      .add_option(
          "--labels-form", options.labels_form,
          "Of --labels: yolo (.txt, and classes.txt) | voc (PASCAL VOC's .xml) | coco (annotations.json for all) "
          "| labelme (.json) (yolo)")
      ->one_of({"yolo", "voc", "coco", "labelme"});
  command.add_option("--masks", options.masks,
                     "For segmentation: write the class of each pixel into this folder, a PNG file of class numbers "
                     "for each picture, and their names");
}

}  // namespace

void add_predict(Command& app, Session& session) {
  Command* command = app.add_subcommand(
      "predict",
      "Predict for new examples what the model was trained for: classes, labels, values, boxes, masks, answers; or "
      "translate");
  auto options = std::make_shared<Options>();
  command
      ->add_option("MODEL", options->model,
                   "A saved model, a translation network (a folder of MarianMT, a model of Marian), or a folder of "
                   "Whisper, or of wav2vec2 or HuBERT with a CTC head, or PP-OCR's recogniser (.onnx)")
      ->required();
  command
      ->add_option(
          "FILE", options->files,
          "Pictures or sounds and folders of them; - reads their names from standard input, one per line. For texts: "
          ".txt files and folders of them, tables, questions in SQuAD's form; - reads one text per line, or JSON "
          "lines. To be translated: files of lines, - for lines of standard input, tables and JSON lines of pairs")
      ->required();
  command->add_option("--images", options->images,
                      "For a list of pairs: folder that its files are relative to (the list's folder)");
  command->add_option("-k,--top", options->top, "How many classes to list per example, or answers per question (1)")
      ->positive();
  command
      ->add_option("--threshold", options->threshold,
                   "For labels and objects: list those with at least this probability (0.5). For verification and "
                   "identification: the least cosine (the model's own)")
      ->between(-1.0, 1.0);
  command->add_option("--max-answer-length", options->longest_answer, "For questions: longest answer, in tokens (30)")
      ->positive();
  command->add_option("--no-answer-threshold", options->no_answer,
                      "For questions that may have no answer: give none if the score of that exceeds the best answer's "
                      "by more than this (0)");
  add_translation_options(*command, *options);
  options->words.add_to(*command);
  command
      ->add_option("--precision", options->precision,
                   "Precision of the frozen network: as-trained | fp32 | bf16 (as-trained)")
      ->one_of({"as-trained", "fp32", "bf16"});
  command
      ->add_option("--on-bad", options->on_bad,
                   "On an unreadable or missing example: error (exit code 3, after all others) | skip")
      ->one_of({"error", "skip"});
  command
      ->add_option("--format", options->format,
                   "text (file, label, probability, separated by tabs) | csv | jsonl (one object per line) | squad "
                   "({id: answer}, as SQuAD's evaluation script reads it) | coco (COCO's list of results, for boxes)")
      ->one_of({"text", "csv", "jsonl", "squad", "coco"});
  add_outputs(*command, *options);
  command->add_option("-t,--threads", options->threads, "Threads (all cores)")->not_negative();
  command->add_flag(
      "--no-cache", options->no_cache,
      "Neither read nor keep the compiled network, which else lies in $ENXERTO_CACHE or ~/.cache/enxerto");
  command->callback(
      [&session, options] { session.command = [&session, options] { return predict(session, *options); }; });
}

}  // namespace enxerto::cli

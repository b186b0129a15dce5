#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/open.h"
#include "enxerto/data/pair_paths.h"
#include "enxerto/download/hub.h"
#include "enxerto/download/hub_access.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/nearest_path.h"
#include "enxerto/graph/cost.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fixed_lengths.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "enxerto/pretrained/hub_folder.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/translation/translation_network.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/workflow/extraction.h"
#include "enxerto/zoo/registry.h"
#include "field_options.h"
#include "inspect_data.h"
#include "inspect_text.h"
#include "text.h"

namespace enxerto::cli {
namespace {

std::string shapes_of(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += (text.empty() ? "" : " + ") + to_string(value.shape);
  return text;
}

/// Of an example whose length varies, where nobody asks for another: a long sentence.
constexpr std::int64_t kShownLength = 128;

/// The length that costs are told for; 0 where examples have but one.
std::int64_t shown_length(const Graph& graph, const Preprocessor& preprocessor, std::int64_t asked) {
  if (!has_varying_lengths(graph)) return 0;
  if (asked > 0) return asked;
  const std::int64_t most = preprocessor.record().value("max_length", std::int64_t{0});
  return most > 0 ? std::min(most, kShownLength) : kShownLength;
}

/// What training from each stage on keeps of one example; 0 where nothing is frozen.
std::vector<std::size_t> cached_at(const Graph& graph, const std::vector<StageCost>& stages) {
  std::vector<std::size_t> bytes;
  for (const StageCost& stage : stages) bytes.push_back(cached_bytes(graph, stage.stage));
  return bytes;
}

/// The stages of a network: what enters and leaves each, what it costs, what is cached of one example where it is the
/// first that is trained, of `length` where lengths vary.
Json print_stages(const Session& session, const Graph& graph, std::int64_t length) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"stage", "enters", "leaves", "parameters", "MFLOPs", "cached bytes when trained from here"}};
  const Graph measured = length > 0 ? with_lengths(graph, length) : graph;
  const auto costs = cost(measured);
  const std::vector<std::size_t> cached = cached_at(measured, costs);
  std::vector<std::string> crossing;
  for (const StageCost& stage : costs) crossing.push_back(shapes_of(cut(graph, stage.stage).prefix.outputs));
  crossing.push_back(shapes_of(graph.outputs));
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const StageCost& stage = costs[i];
    list.push_back({{"stage", stage.stage},
                    {"enters", crossing[i]},
                    {"leaves", crossing[i + 1]},
                    {"parameters", stage.parameters},
                    {"flops", stage.flops},
                    {"entering_bytes", stage.entering_bytes},
                    {"cached_bytes", cached[i]}});
    rows.push_back({stage.stage, crossing[i], crossing[i + 1], fmt::format("{}", stage.parameters),
                    fmt::format("{:.1f}", static_cast<double>(stage.flops) / 1e6),
                    cached[i] == 0 ? "none" : fmt::format("{}", cached[i])});
  }
  const StageCost all = total(costs);
  if (!session.json) {
    const std::string of_length = length > 0 ? fmt::format(" of {} tokens", length) : "";
    fmt::print("{}{} parameters, {:.1f} MFLOPs per example{}\n", table(rows), format_count(all.parameters),
               static_cast<double>(all.flops) / 1e6, of_length);
  }
  Json json{{"stages", list}, {"parameters", all.parameters}, {"flops", all.flops}};
  if (length > 0) json["length"] = length;
  return json;
}

/// The first characters of a long text, such as a whole configuration.
std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 160;
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("{}… ({} bytes; --json has them all)", text.substr(0, end), format_count(text.size()));
}

Json inspect_file(const Session& session, const InspectOptions& options) {
  const std::string& path = options.what;
  const WeightFile file = read_weights(path);
  Json tensors = Json::array();
  std::vector<std::vector<std::string>> rows;
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : file.tensors) {
    numbers += tensor.size();
    tensors.push_back({{"name", name}, {"dtype", name_of(tensor.dtype())}, {"shape", tensor.shape()}});
    rows.push_back({name, std::string(name_of(tensor.dtype())), to_string(tensor.shape())});
  }
  if (!session.json) {
    fmt::print("{}{}: {}, {} of {} numbers, running statistics among them, {}\n", table(rows), path, file.format,
               counted(file.tensors.size(), "tensor"), format_count(numbers), format_bytes(file.file_bytes));
    for (const auto& note : file.notes) fmt::print("  {}\n", note);
    for (const auto& [key, value] : file.metadata) fmt::print("  {}: {}\n", key, shortened(value));
  }
  return {{"kind", "weights"},
          {"format", file.format},
          {"file_bytes", file.file_bytes},
          {"tensor_bytes", file.tensor_bytes},
          {"notes", file.notes},
          {"metadata", file.metadata},
          {"tensors", tensors}};
}

Json inspect_model(const Session& session, const InspectOptions& options) {
  const std::string& path = options.what;
  const Bundle bundle = read_bundle(path);
  if (!session.json) {
    fmt::print("{}: a saved model on {}, {}, {}\n", path, bundle.graph.name, bundle.preprocessor->summary(),
               counted(bundle.labels.size(), "output"));
  }
  Json json{{"kind", "model"},
            {"backbone", bundle.graph.name},
            {"labels", bundle.labels},
            {"preprocess", bundle.preprocessor->record()},
            {"precision", bundle.precision}};
  const PreprocessorPtr reader = resolved_preprocessor(*bundle.preprocessor, options.recipe.input);
  json.update(
      print_stages(session, bundle.graph, shown_length(bundle.graph, *reader, options.recipe.input.max_length)));
  return json;
}

/// The network; one whose weights are known by name but not there has random ones, and false.
std::pair<Backbone, bool> backbone_of(const std::string& name, const std::string& weights, int size) {
  try {
    return {load_backbone(name, {.weights = weights, .size = size}), true};
  } catch (const Error& error) {
    const bool published =
        std::ranges::any_of(pretrained_models(), [&](const auto& spec) { return spec.name == name; });
    if (error.kind() != ErrorKind::weights || !weights.empty() || !published) throw;
    return {load_backbone(name, {.weights = "random", .size = size}), false};
  }
}

Json inspect_backbone(const Session& session, const InspectOptions& options) {
  const std::string& name = options.what;
  const auto [backbone, there] = backbone_of(name, options.weights, options.size);
  if (!session.json) {
    const std::string where = there ? fmt::format("{} weights, {}", backbone.spec.source, backbone.weights_file)
                                    : fmt::format("its weights are not on this machine (enxerto models pull {})", name);
    const std::string classes =
        backbone.spec.outputs > 0 ? ", " + counted(to_size(backbone.spec.outputs), "class", "classes") : "";
    fmt::print("{}: {}{}; {}\n", name, backbone.spec.preprocessor->summary(), classes, where);
    for (const std::string& note : backbone.notes) fmt::print("  {}\n", note);
  }
  Json json{{"kind", "backbone"},
            {"name", name},
            {"source", backbone.spec.source},
            {"weights", there ? Json(backbone.weights_file) : Json()},
            {"sha256", backbone.sha256},
            {"notes", backbone.notes},
            {"preprocess", backbone.spec.preprocessor->record()}};
  const PreprocessorPtr reader = resolved_preprocessor(*backbone.spec.preprocessor, options.recipe.input);
  json.update(
      print_stages(session, backbone.graph, shown_length(backbone.graph, *reader, options.recipe.input.max_length)));
  return json;
}

/// Nothing lies there, and nothing is called so.
bool is_nothing(const std::string& what) {
  std::error_code ignored;
  if (std::filesystem::exists(what, ignored) || pair_path(what) || (is_hub_id(what) && cached_hub_snapshot(what)))
    return false;
  const auto same = [&](const auto& row) { return row.name == what || row.architecture == what; };
  return std::ranges::none_of(pretrained_models(), same) &&
         std::ranges::none_of(architectures(), [&](const Architecture& row) { return row.name == what; });
}

Json refuse_nothing(const Session& /*session*/, const InspectOptions& options) {
  const std::string& what = options.what;
  std::vector<std::string> names;
  for (const PretrainedSpec& spec : pretrained_models()) names.push_back(spec.name);
  std::string meant = did_you_mean_path(what);
  if (meant.empty()) meant = did_you_mean(what, names);
  std::error_code ignored;
  const bool of_hub =
      is_hub_id(what) && !std::filesystem::is_directory(std::filesystem::path(what).parent_path(), ignored);
  throw data_error(what, "is neither a file nor a folder, nor a network that `enxerto models` lists" + meant,
                   "data, a weight file, a saved model, or a backbone",
                   of_hub ? fmt::format("enxerto models pull {}, if it is a model of the Hugging Face Hub", what)
                          : "check the path or the name");
}

/// A folder's tokenizer is looked at without its weights.
PreprocessorPtr own_preprocessor(const InspectOptions& options) {
  if (is_bundle(options.what)) return read_bundle(options.what).preprocessor;
  if (has_tokenizer(options.what)) {
    PreprocessorPtr own = preprocessor_from_record(text_record(options.what, {.token_types = true}), options.what);
    check_tokenizer(options.what, *own);
    return own;
  }
  return backbone_of(options.what, options.weights, options.size).first.spec.preprocessor;
}

Json inspect_reading(const Session& session, const InspectOptions& options) {
  const PreprocessorPtr own = own_preprocessor(options);
  try {
    return inspect_text(session, *resolved_preprocessor(*own, options.recipe.input), options.texts);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    throw Error(ErrorKind::usage, error.text());  // what was typed is what cannot be read
  }
}

bool is_folder_of_weights(const std::string& path) {
  return is_hub_folder(path) || (is_translation_network(path) && !is_file(path)) ||
         is_file(std::filesystem::path(path) / "model.json");
}

/// Something that can be inspected. The first row that `is` says so of shows it.
struct Inspectable {
  bool (*is)(const std::string& what);
  Json (*show)(const Session& session, const InspectOptions& options);
  bool has_network;  ///< that can be asked of other lengths of texts
  bool has_examples;
};

constexpr std::array kInspectables{
    Inspectable{is_nothing, refuse_nothing, true, true},
    Inspectable{[](const std::string& what) { return is_bundle(what); }, inspect_model, true, false},
    Inspectable{is_folder_of_weights, inspect_backbone, true, false},
    Inspectable{[](const std::string& what) { return is_data_path(what); }, inspect_data, false, true},
    Inspectable{[](const std::string& what) { return is_file(what) && !what.ends_with(".onnx"); }, inspect_file, false,
                false},
    Inspectable{[](const std::string&) { return true; }, inspect_backbone, true, false}};

}  // namespace

void add_inspect(Command& app, Session& session) {
  Command* command =
      app.add_subcommand("inspect", "Show what data, a weight file, a saved model or a backbone contains");
  struct Options {
    explicit Options(Command& command) : fields(command) {}
    InspectOptions inspect;
    FieldOptions fields;
  };
  auto options = std::make_shared<Options>(*command);
  InspectOptions& inspect = options->inspect;
  command
      ->add_option("WHAT", inspect.what,
                   "Data as 'train' takes them, a weight file, a saved model, or a backbone: its name, an ONNX file, a "
                   "folder, org/name")
      ->required();
  command->add_option("--weights", inspect.weights,
                      "Weights of the backbone: a file, or a source: torchvision, keras ..");
  command->add_option("--text", inspect.texts,
                      "A text, or two for a pair, to be shown as the network reads them: tokens, ids, masks, offsets");
  command->add_option("--size", inspect.size, "Side of the backbone's input, px");
  command->add_option("--draw", inspect.draw, "Of data with boxes: write 16 pictures with them into this folder");
  options->fields.add({"input.max_length"});
  options->fields.add({"data.kind", "data.targets", "data.texts", "data.images", "data.label", "data.test_split",
                       "data.on_bad", "run.threads"});
  command->callback([&session, options] {
    session.command = [&session, options] {
      options->fields.apply(options->inspect.recipe);
      const std::string& what = options->inspect.what;
      if (!options->inspect.texts.empty()) {
        const Json json = inspect_reading(session, options->inspect);
        if (session.json) session.print(json);
        return 0;
      }
      const auto* const row = std::ranges::find_if(kInspectables, [&](const Inspectable& one) { return one.is(what); });
      if (options->inspect.recipe.input.max_length > 0 && !row->has_network)
        throw usage_error("input.max_length", "has no effect: there is no network", "", "leave it out");
      if (!options->inspect.draw.empty() && !row->has_examples)
        throw usage_error("--draw", "has no effect: these are not data", "data with boxes", "leave it out");
      const Json json = row->show(session, options->inspect);
      if (session.json) session.print(json);
      return 0;
    };
  });
}

}  // namespace enxerto::cli

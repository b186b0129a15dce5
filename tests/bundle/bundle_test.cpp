#include "enxerto/bundle/bundle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/weights/safetensors.h"
#include "tests/bundle/tiny_bundle.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;
using testing::color_bundle;
using testing::slurp;
using testing::spill;
using testing::TemporaryDirectory;

ErrorKind kind_of_writing(const Bundle& bundle, const fs::path& path, bool replace) {
  try {
    write_bundle(bundle, path, replace);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::other;
}

TEST(Bundle, ComesBackAsItWas) {
  const TemporaryDirectory place;
  Bundle bundle = color_bundle();
  bundle.task_facts = {{"mean", {0.5}}};
  bundle.learned_from = std::vector<std::uint64_t>{7, 3, std::uint64_t{1} << 63, 3};
  write_bundle(bundle, place.path() / "model", false);
  const Bundle back = read_bundle(place.path() / "model");
  EXPECT_EQ(back.recipe, bundle.recipe);
  EXPECT_EQ(back.preprocessor->record(), bundle.preprocessor->record());
  EXPECT_EQ(back.labels, bundle.labels);
  EXPECT_EQ(back.task_facts, bundle.task_facts);
  EXPECT_EQ(back.learned_from, (std::vector<std::uint64_t>{3, 7, std::uint64_t{1} << 63})) << "in order, each once";
  EXPECT_EQ(back.history, bundle.history);
  EXPECT_EQ(back.precision, bundle.precision);
  EXPECT_EQ(back.report_html, bundle.report_html);
  EXPECT_EQ(back.readme, bundle.readme);
  EXPECT_TRUE(identical(back.golden.at("output/probabilities"), bundle.golden.at("output/probabilities")));
  EXPECT_TRUE(identical(back.graph.parameters.at("head.weight"), bundle.graph.parameters.at("head.weight")));
  EXPECT_EQ(back.graph.nodes.size(), 4U);
}

TEST(Bundle, TheSameModelGivesTheSameBytes) {
  const TemporaryDirectory place;
  write_bundle(color_bundle(), place.path() / "a", false);
  write_bundle(color_bundle(), place.path() / "b", false);
  EXPECT_EQ(slurp(place.path() / "a/MANIFEST.json"), slurp(place.path() / "b/MANIFEST.json"));
}

TEST(Bundle, IsKnownByItsManifest) {
  const TemporaryDirectory place;
  write_bundle(color_bundle(), place.path() / "model", false);
  EXPECT_TRUE(is_bundle(place.path() / "model"));
  EXPECT_FALSE(is_bundle(place.path()));
  EXPECT_FALSE(is_bundle(place.path() / "nothing"));
  spill(place.path() / "MANIFEST.json", R"({"format": "another"})");
  EXPECT_FALSE(is_bundle(place.path()));
  spill(place.path() / "MANIFEST.json", R"([1])");
  EXPECT_FALSE(is_bundle(place.path()));
}

TEST(Bundle, IsReplacedOnlyWhenAsked) {
  const TemporaryDirectory place;
  write_bundle(color_bundle(), place.path() / "model", false);
  Bundle other = color_bundle();
  other.labels = {"cyan", "magenta", "yellow"};
  EXPECT_EQ(kind_of_writing(other, place.path() / "model", false), ErrorKind::usage);
  EXPECT_EQ(read_bundle(place.path() / "model").labels[0], "red");
  write_bundle(other, place.path() / "model", true);
  EXPECT_EQ(read_bundle(place.path() / "model").labels[0], "cyan");
}

TEST(Bundle, IsNotReplacedWhereSomethingElseLiesInIt) {
  const TemporaryDirectory place;
  const std::filesystem::path path = place.path() / "model";
  write_bundle(color_bundle(), path, false);
  spill(path / ".DS_Store", "x");
  write_bundle(color_bundle(), path, true);
  std::filesystem::create_directory(path / "photos");
  spill(path / "photos" / "1.jpg", "x");
  try {
    write_bundle(color_bundle(), path, true);
    ADD_FAILURE() << "replaced";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("holds photos"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(std::filesystem::exists(path / "photos" / "1.jpg"));
}

TEST(Bundle, NeverReplacesWhatIsNoBundle) {
  const TemporaryDirectory place;
  fs::create_directory(place.path() / "thesis");
  spill(place.path() / "thesis/chapter1.txt", "years of work");
  spill(place.path() / "file", "one more");
  for (const char* name : {"thesis", "file"}) {
    EXPECT_EQ(kind_of_writing(color_bundle(), place.path() / name, true), ErrorKind::usage) << name;
  }
  EXPECT_EQ(slurp(place.path() / "thesis/chapter1.txt"), "years of work");
  EXPECT_EQ(slurp(place.path() / "file"), "one more");
}

TEST(Bundle, TakesAnEmptyFolderAsFree) {
  const TemporaryDirectory place;
  fs::create_directory(place.path() / "model");
  write_bundle(color_bundle(), place.path() / "model", false);
  EXPECT_TRUE(is_bundle(place.path() / "model"));
}

TEST(Bundle, WritesLabelsThatAreNotUtf8AndNumbersThatAreNone) {
  const TemporaryDirectory place;
  Bundle bundle = color_bundle();
  bundle.labels[1] = "vert\xE9";
  bundle.history["log_loss"] = std::numeric_limits<double>::quiet_NaN();
  write_bundle(bundle, place.path() / "model", false);
  const Bundle back = read_bundle(place.path() / "model");
  EXPECT_EQ(back.labels[1], "vert\xEF\xBF\xBD");
  EXPECT_TRUE(back.history["log_loss"].is_null());
}

/// Replaces a file of a model, and its row in the manifest.
void rewrite(const fs::path& model, const std::string& name, const std::string& text) {
  spill(model / name, text);
  Json manifest = parse_json(slurp(model / "MANIFEST.json"), "manifest");
  for (Json& row : manifest["files"]) {
    if (row["name"] != name) continue;
    row["size"] = text.size();
    row["sha256"] = sha256(std::as_bytes(std::span(text)));
  }
  spill(model / "MANIFEST.json", manifest.dump());
}

TEST(Bundle, IsReadAsRgbWhereItIsFromBeforeChannelOrders) {
  const TemporaryDirectory place;
  const fs::path model = place.path() / "model";
  const Bundle bundle = color_bundle();
  write_bundle(bundle, model, false);
  Json preprocess = bundle.preprocessor->record();
  preprocess.erase("divisor");
  preprocess.erase("channels");
  rewrite(model, "preprocess.json", preprocess.dump());
  EXPECT_EQ(read_bundle(model).preprocessor->record(), bundle.preprocessor->record());
}

TEST(Bundle, NamesADamagedRecordOfItsPreprocessing) {
  const TemporaryDirectory place;
  const fs::path model = place.path() / "model";
  write_bundle(color_bundle(), model, false);
  for (const char* record : {R"({"size": "wide"})", R"([])", R"({"kind": "smell"})", "{"}) {
    rewrite(model, "preprocess.json", record);
    try {
      read_bundle(model);
      ADD_FAILURE() << record;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::weights) << record;
      EXPECT_NE(std::string(error.what()).find("preprocess.json"), std::string::npos) << error.what();
    }
  }
}

TEST(Bundle, WithACutThatIsNoNameIsRefusedByTheFileThatSaysIt) {
  const TemporaryDirectory place;
  const fs::path model = place.path() / "model";
  write_bundle(color_bundle(), model, false);
  rewrite(model, "precision.json", R"({"cut": 7})");
  try {
    read_bundle(model);
    ADD_FAILURE() << "read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("precision.json"), std::string::npos) << error.what();
  }
}

/// Makes of a model one of an earlier schema: labels.json in place of what came later.
void age(const fs::path& model, int schema, const Json& labels) {
  Json manifest = parse_json(slurp(model / "MANIFEST.json"), "manifest");
  manifest["schema_version"] = schema;
  Json& files = manifest["files"];
  for (std::size_t i = files.size(); i-- > 0;)
    if (files[i]["name"] == "learned_from.safetensors" || files[i]["name"] == "task.json") files.erase(i);
  files.push_back({{"name", "labels.json"}});
  spill(model / "MANIFEST.json", manifest.dump());
  rewrite(model, "labels.json", labels.dump());
  fs::remove(model / "task.json");
  fs::remove(model / "learned_from.safetensors");
}

TEST(Bundle, OfTheSecondSchemaIsReadWithItsLabels) {
  const TemporaryDirectory place;
  const fs::path model = place.path() / "model";
  write_bundle(color_bundle(), model, false);
  age(model, 2, {{"schema_version", 2}, {"task", "multi_label"}, {"labels", {"r", "g", "b"}}});
  const Bundle bundle = read_bundle(model);
  EXPECT_EQ(bundle.task, "multi_label");
  EXPECT_EQ(bundle.labels[2], "b");
  EXPECT_FALSE(bundle.learned_from.has_value());
  for (const char* content : {"{", "[]", "{}", R"({"schema_version": 2})", R"({"schema_version": 3, "labels": ["r"]})",
                              R"({"schema_version": 2, "task": 7, "labels": ["r", "g", "b"]})",
                              R"({"schema_version": 2, "task": "classification", "labels": ["r", 7, "b"]})"}) {
    rewrite(model, "labels.json", content);
    try {
      read_bundle(model);
      ADD_FAILURE() << content;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("labels.json"), std::string::npos) << error.what();
    }
  }
}

TEST(Bundle, OfTheFirstSchemaIsReadWithTheNamesOfItsNetwork) {
  const TemporaryDirectory place;
  const fs::path model = place.path() / "model";
  const Bundle bundle = color_bundle();
  write_bundle(bundle, model, false);
  StateDict golden;
  golden.set("input", bundle.golden.at("input/input"));
  golden.set("output", bundle.golden.at("output/probabilities"));
  write_safetensors(place.path() / "golden", golden, {});
  rewrite(model, "golden.safetensors", slurp(place.path() / "golden"));
  EXPECT_THROW(read_bundle(model), Error);
  age(model, 1, {{"schema_version", 1}, {"labels", {"red", "green", "blue"}}});
  EXPECT_TRUE(identical(read_bundle(model).golden.at("input/input"), bundle.golden.at("input/input")));
  EXPECT_EQ(read_bundle(model).task, "classification");
}

TEST(Bundle, RefusesPartsThatDoNotFitTogether) {
  const TemporaryDirectory place;
  const auto refused = [&](auto damage) {
    Bundle bundle = color_bundle();
    damage(bundle);
    return kind_of_writing(bundle, place.path() / "model", false) == ErrorKind::weights;
  };
  EXPECT_TRUE(refused([](Bundle& bundle) { bundle.labels.pop_back(); }));
  EXPECT_TRUE(refused([](Bundle& bundle) { bundle.labels.clear(); }));
  EXPECT_TRUE(
      refused([](Bundle& bundle) { bundle.preprocessor = patched(*bundle.preprocessor, {{"size", 9}}, "nine"); }));
  EXPECT_TRUE(refused([](Bundle& bundle) { bundle.golden.erase("input/input"); }));
  EXPECT_TRUE(
      refused([](Bundle& bundle) { bundle.golden.set("output/probabilities", Tensor::of<float>({1, 3}, {1, 0, 0})); }));
  EXPECT_TRUE(refused([](Bundle& bundle) { bundle.graph.outputs.clear(); }));
  EXPECT_FALSE(fs::exists(place.path() / "model"));
}

TEST(Bundle, HoldsTheFilesThatTheDesignNames) {
  const TemporaryDirectory place;
  write_bundle(color_bundle(), place.path() / "model", false);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(place.path() / "model")) files += entry.is_regular_file() ? 1 : 0;
  const auto named = bundle_layout::files_of(bundle_layout::kSchema);
  const auto always = std::ranges::count(named, false, &bundle_layout::File::optional);
  EXPECT_EQ(files, static_cast<std::size_t>(always) + 1);
}

TEST(Bundle, KeepsItsTask) {
  const TemporaryDirectory place;
  for (const Bundle& bundle : {color_bundle(), testing::label_bundle(), testing::value_bundle()}) {
    const fs::path path = place.path() / bundle.task;
    write_bundle(bundle, path, false);
    const Bundle read = read_bundle(path);
    EXPECT_EQ(read.task, bundle.task);
    EXPECT_EQ(read.labels, bundle.labels);
  }
}

TEST(Bundle, HasALabelForEachOutputWhateverItsTask) {
  const TemporaryDirectory place;
  for (Bundle bundle : {testing::label_bundle(), testing::value_bundle()}) {
    bundle.labels.pop_back();
    EXPECT_THROW(write_bundle(bundle, place.path() / "model", false), Error);
  }
}

}  // namespace
}  // namespace enxerto

// Bright squares are found in grey pictures: from files of boxes to a saved and exported detector.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/bundle/tiny_bundle.h"
#include "tests/workflow/run_in.h"
#include "tests/workflow/small_backbone.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr int kPictures = 16;

/// A grey picture of 96 x 80 px with a bright square of `side` px at (x, y), and its line of boxes.
void write_picture(const fs::path& folder, const std::string& part, int number) {
  constexpr int kWidth = 96, kHeight = 80;
  const int side = 24 + number % 3 * 12, x = number * 7 % (kWidth - side), y = number * 11 % (kHeight - side);
  std::string pixels;
  for (int row = 0; row < kHeight; ++row)
    for (int column = 0; column < kWidth; ++column) {
      const bool inside = column >= x && column < x + side && row >= y && row < y + side && number % 8 != 7;
      pixels.append(3, static_cast<char>(inside ? 230 : 60 + (row * column + number) % 20));
    }
  const std::string name = fmt::format("{:02}", number);
  fs::create_directories(folder / "images" / part);
  fs::create_directories(folder / "labels" / part);
  std::ofstream(folder / "images" / part / (name + ".ppm"), std::ios::binary)
      << fmt::format("P6 {} {} 255\n", kWidth, kHeight) << pixels;
  if (number % 8 == 7) return;  // nothing is there
  std::ofstream(folder / "labels" / part / (name + ".txt"))
      << fmt::format("{} {} {} {} {}\n", number % 2, (x + side / 2.0) / kWidth, (y + side / 2.0) / kHeight,
                     static_cast<double>(side) / kWidth, static_cast<double>(side) / kHeight);
}

class Detector : public ::testing::Test {
 protected:
  Detector() {
    std::string name = (fs::temp_directory_path() / "enxerto-detector-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (int i = 0; i < kPictures; ++i) write_picture(folder_ / "data", "train", i);
    for (int i = 0; i < kPictures / 2; ++i) write_picture(folder_ / "data", "val", kPictures + i);
    std::ofstream(folder_ / "data" / "data.yaml") << "train: images/train\nval: images/val\nnames: [even, odd]\n";
    testing::write_small_backbone(folder_ / "backbone");
  }
  ~Detector() override { fs::remove_all(folder_); }

  Recipe recipe(const std::string& output) const {
    Recipe recipe = testing::run_in(folder_, output);
    Phase head;
    head.epochs = 3;
    head.batch_size = 8;
    head.learning_rate = 0.01;
    head.augmentation.flip = true;
    head.views = 2;
    Phase last = head;
    last.train_from = "last";
    last.epochs = 2;
    last.early_stopping.monitor = "val_ap50";
    last.augmentation = {};
    last.views = 0;
    recipe.phases = {head, last};
    return recipe;
  }

  fs::path folder_;
};

TEST_F(Detector, RefusesWhatItsHeadDoesNotHaveAndStagesWithoutMaps) {
  Recipe asked = recipe("model");
  asked.head.hidden = {8};
  EXPECT_THROW(train(asked), Error);
  asked = recipe("model");
  asked.head.features = {"steam"};
  try {
    (void)train(asked);
    ADD_FAILURE() << "a stage that is not there";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'stem'"), std::string::npos) << error.what();
  }
}

#ifdef ENXERTO_HAS_TRAINING

TEST_F(Detector, IsTrainedOnCachedMapsSavedEvaluatedVerifiedAndExported) {
  const TrainReport report = train(recipe("model"));
  EXPECT_EQ(report.task, "detection");
  ASSERT_EQ(report.phases.size(), 2U);
  EXPECT_TRUE(std::isfinite(report.test["ap50"].value));
  for (const VerifyCheck& check : verify(report.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;

  EvaluateOptions options;
  options.threads = 1;
  const EvaluationReport evaluated = evaluate(report.model, folder_ / "data", options);
  EXPECT_EQ(evaluated.part, "validation");
  EXPECT_NEAR(evaluated.metrics["ap"].value, report.test["ap"].value, 1e-6);
  EXPECT_EQ(evaluated.metrics.table("per_class").rows.size(), 2U);

  const Model model = Model::load(report.model, {.threads = 1});
  EXPECT_EQ(model.preprocessor().record()["fit"], "squash");
  const DatasetPtr data = open_data(folder_ / "data").validation;
  std::size_t boxes = 0;
  model.predict(*data, ReadingOptions{.threshold = 0.05}, [&](const PredictedExample& example) {
    EXPECT_EQ(example.bad, "");
    for (const Prediction& one : example.best) {
      ++boxes;
      ASSERT_TRUE(one.box);
      EXPECT_GE((*one.box)[0], -1e-3);
      EXPECT_LE((*one.box)[2], 96 + 1e-3);
      EXPECT_LE((*one.box)[3], 80 + 1e-3);
    }
  });
  EXPECT_GT(boxes, 0U);

  model.export_onnx(folder_ / "detector.onnx");
  EXPECT_NE(testing::slurp(folder_ / "detector.onnx").find("NonMaxSuppression"), std::string::npos);
  const std::string html = testing::slurp(report.report);
  EXPECT_NE(html.find("class=pairs"), std::string::npos);
}

TEST_F(Detector, LearnsTheSameFromMapsThatAreCachedAndFromThoseThatAreNot) {
  Recipe asked = recipe("cached");
  asked.phases.resize(1);
  asked.phases.front().augmentation = {};
  asked.phases.front().views = 0;
  const TrainReport cached = train(asked);
  asked.output.path = (folder_ / "live").string();
  asked.run.cache.budget_gb = 1e-9;
  const TrainReport live = train(asked);
  EXPECT_NEAR(cached.test["ap"].value, live.test["ap"].value, 1e-6);
}

TEST_F(Detector, HasAPyramidWhereItIsAskedForAndIsTheBackboneOfTheNext) {
  Recipe asked = recipe("pyramid");
  asked.phases.resize(1);
  asked.head.kind = "retina";
  asked.head.hidden = {8};
  asked.head.batch_norm = true;
  const TrainReport first = train(asked);
  EXPECT_EQ(first.head, "retina with towers of 8, batch norm");
  const Model model = Model::load(first.model, {.threads = 1});
  model.export_onnx(folder_ / "retina.onnx");
  EXPECT_NE(testing::slurp(folder_ / "retina.onnx").find("TopK"), std::string::npos);
  for (const VerifyCheck& check : verify(first.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;
  Recipe next = recipe("next");
  next.phases.resize(1);
  next.backbone.name = first.model.string();
  EXPECT_EQ(train(next).head, first.head);
  next.head.kind = "lraspp";
  next.output.path = (folder_ / "refused").string();
  EXPECT_THROW(train(next), Error);
}

#endif

}  // namespace
}  // namespace enxerto

// Bright squares are told from what is around them, pixel by pixel: from files of masks to a saved and exported model.
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
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/train.h"
#include "tests/bundle/tiny_bundle.h"
#include "tests/data/masked.h"
#include "tests/workflow/run_in.h"
#include "tests/workflow/small_backbone.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr int kMaskWidth = 96, kMaskHeight = 80;

/// A grey picture with a bright square, and its mask: 3 for the square, 8 around it, 255 along its lower edge.
void write_masked_picture(const fs::path& folder, const std::string& part, int number) {
  const int side = 32 + number % 3 * 12, x = number * 7 % (kMaskWidth - side), y = number * 11 % (kMaskHeight - side);
  std::string pixels;
  std::vector<std::uint8_t> mask;
  for (int row = 0; row < kMaskHeight; ++row)
    for (int column = 0; column < kMaskWidth; ++column) {
      const bool inside = column >= x && column < x + side && row >= y && row < y + side;
      pixels.append(3, static_cast<char>(inside ? 230 : 60 + (row * column + number) % 20));
      mask.push_back(!inside ? 8 : row == y + side - 1 ? 255 : 3);
    }
  const std::string name = fmt::format("{:02}", number);
  for (const char* what : {"images", "masks"}) fs::create_directories(folder / what / part);
  std::ofstream(folder / "images" / part / (name + ".ppm"), std::ios::binary)
      << fmt::format("P6 {} {} 255\n", kMaskWidth, kMaskHeight) << pixels;
  std::ofstream(folder / "masks" / part / (name + ".png"), std::ios::binary) << testing::mask_file(mask, kMaskWidth);
}

class Segmenter : public ::testing::Test {
 protected:
  Segmenter() {
    std::string name = (fs::temp_directory_path() / "enxerto-segmenter-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (int i = 0; i < 12; ++i) write_masked_picture(folder_ / "data", "train", i);
    for (int i = 12; i < 18; ++i) write_masked_picture(folder_ / "data", "val", i);
    std::ofstream(folder_ / "data" / "classes.txt") << "3 square\n8 ground\n";
    testing::write_small_backbone(folder_ / "backbone");
  }
  ~Segmenter() override { fs::remove_all(folder_); }

  Recipe recipe(const std::string& output) const {
    Recipe recipe = testing::run_in(folder_, output);
    recipe.head.features = {"stem", "middle"};
    Phase head;
    head.epochs = 12;
    head.batch_size = 6;
    head.learning_rate = 0.01;
    head.augmentation.flip = true;
    head.views = 2;
    head.early_stopping.monitor = "val_miou";
    Phase last = head;
    last.train_from = "middle";
    last.epochs = 2;
    last.augmentation = {};
    last.views = 0;
    recipe.phases = {head, last};
    return recipe;
  }

  fs::path folder_;
};

TEST_F(Segmenter, RefusesWhatItsHeadDoesNotHave) {
  Recipe asked = recipe("model");
  asked.head.dropout = 0.5;
  EXPECT_THROW(train(asked), Error);
  asked = recipe("model");
  asked.loss.kind = "ssd";
  EXPECT_THROW(train(asked), Error);
  asked = recipe("model");
  asked.phases[0].early_stopping.monitor = "val_accuracy";
  EXPECT_THROW(train(asked), Error);
}

#ifdef ENXERTO_HAS_TRAINING

TEST_F(Segmenter, IsTrainedOnCachedMapsSavedEvaluatedVerifiedAndExported) {
  const TrainReport report = train(recipe("model"));
  EXPECT_EQ(report.task, "segmentation");
  ASSERT_EQ(report.phases.size(), 2U);
  EXPECT_GT(report.test["miou"].value, 0.7) << "ground alone is 0.37";
  for (const VerifyCheck& check : verify(report.model, 1).checks) EXPECT_TRUE(check.ok) << check.name << check.detail;

  EvaluateOptions options;
  options.threads = 1;
  const EvaluationReport evaluated = evaluate(report.model, folder_ / "data", options);
  EXPECT_EQ(evaluated.part, "validation");
  EXPECT_NEAR(evaluated.metrics["miou"].value, report.test["miou"].value, 1e-9);
  EXPECT_EQ(evaluated.metrics.table("per_class").rows.size(), 2U);

  const Model model = Model::load(report.model, {.threads = 1});
  std::size_t right = 0, pixels = 0;
  const DatasetPtr data = open_data(folder_ / "data").validation;
  model.predict(*data, ReadingOptions{}, [&](const PredictedExample& example) {
    ASSERT_EQ(example.bad, "");
    ASSERT_FALSE(example.best.empty());
    const Tensor truth = data->target(example.position);
    ASSERT_EQ(example.best[0].map.shape(), truth.shape()) << "the picture's own size";
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (truth.as<std::uint8_t>()[i] == kIgnoredPixel) continue;
      ++pixels;
      right += truth.as<std::uint8_t>()[i] == example.best[0].map.as<std::uint8_t>()[i] ? 1 : 0;
    }
  });
  EXPECT_NEAR(static_cast<double>(right) / static_cast<double>(pixels), report.test["pixel_accuracy"].value, 1e-9);

  model.export_onnx(folder_ / "segmenter.onnx");
  EXPECT_NE(testing::slurp(folder_ / "segmenter.onnx").find("ArgMax"), std::string::npos);
  const std::string html = testing::slurp(report.report);
  EXPECT_NE(html.find("the true classes on the left"), std::string::npos);
}

TEST_F(Segmenter, LearnsTheSameFromMapsThatAreCachedAndFromThoseThatAreNot) {
  Recipe asked = recipe("cached");
  asked.phases.resize(1);
  asked.phases.front().epochs = 3;
  asked.phases.front().augmentation = {};
  asked.phases.front().views = 0;
  asked.head.class_weights = ClassWeights::balanced;
  const TrainReport cached = train(asked);
  asked.output.path = (folder_ / "live").string();
  asked.run.cache.budget_gb = 1e-9;
  const TrainReport live = train(asked);
  EXPECT_NEAR(cached.test["miou"].value, live.test["miou"].value, 1e-6);
}

#endif

}  // namespace
}  // namespace enxerto

#include "enxerto/model/model.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "enxerto/engine/executor.h"
#include "tests/bundle/tiny_bundle.h"
#include "tests/model/pictures.h"

namespace enxerto {
namespace {

using testing::color_bundle;
using testing::color_image;
using testing::ColorDataset;
using testing::TemporaryDirectory;

TEST(Model, SaysWhatAPictureShows) {
  const TemporaryDirectory place;
  write_bundle(color_bundle(), place.path() / "model", false);
  const Model model = Model::load(place.path() / "model");
  const std::vector<Image> images{color_image(2), color_image(0), color_image(1, 33)};
  const auto predictions = model.predict(images, 2);
  ASSERT_EQ(predictions.size(), 3U);
  EXPECT_EQ(predictions[0][0].label, "blue");
  EXPECT_EQ(predictions[1][0].label, "red");
  EXPECT_EQ(predictions[2][0].label, "green");
  EXPECT_EQ(predictions[0].size(), 2U);
  EXPECT_GT(*predictions[0][0].score, 0.9);
  EXPECT_TRUE(model.predict({}, 1).empty());
}

TEST(Model, GivesTheSameForFewAndForMany) {
  const Model model(color_bundle(), {.threads = 2});
  std::vector<float> values(300 * 3 * 64);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 97) / 97;
  const Tensor batch = Tensor::of<float>({300, 3, 8, 8}, values);
  const auto run = [&](const Tensor& input) {
    TensorMap inputs;
    inputs.set("input", input);
    return model.run(inputs).at("probabilities");
  };
  const Tensor many = run(batch);
  ASSERT_EQ(many.shape(), (Shape{300, 3}));
  for (const std::int64_t row : {0, 7, 150, 299}) {
    const Tensor one = run(batch.rows(row, row + 1));
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(one.as<float>()[k], many.rows(row, row + 1).as<float>()[k], 1e-6);
    }
  }
}

TEST(Model, GivesTenThreadsTheSame) {
  const Model model(color_bundle(), {.threads = 2});
  const std::vector<Image> images{color_image(0), color_image(1), color_image(2)};
  const auto wanted = model.predict(images, 3);
  std::atomic<int> different = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        const auto found = model.predict(images, 3);
        for (std::size_t i = 0; i < 3; ++i) {
          for (std::size_t k = 0; k < 3; ++k) {
            if (found[i][k].label != wanted[i][k].label || found[i][k].score != wanted[i][k].score) ++different;
          }
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(different, 0);
}

TEST(Model, RefusesAnotherShape) {
  const Model model(color_bundle());
  for (const Tensor& input : {Tensor::of<float>({3}, {1, 2, 3}), Tensor()}) {
    TensorMap inputs;
    inputs.set("input", input);
    EXPECT_THROW(model.run(inputs), Error);
  }
  EXPECT_THROW(model.run({}), Error);
}

TEST(Model, RunsAsTrainedWhereItWasTrainedInBf16) {
  Bundle bundle = color_bundle();
  bundle.precision = {{"prefix", "bf16"}};
  bundle.graph.nodes[0].stage = "features";
  const Model exact(bundle, {.threads = 1, .precision = ModelPrecision::fp32}),
      trained(bundle, {.threads = 1, .precision = ModelPrecision::as_trained});
  const std::vector<Image> images{color_image(1)};
  EXPECT_EQ(trained.predict(images)[0][0].label, "green");
  EXPECT_NEAR(*trained.predict(images)[0][0].score, *exact.predict(images)[0][0].score, 0.02);
}

TEST(Model, PredictsADataSetInItsOrder) {
  const Model model(color_bundle(), {.threads = 4});
  const ColorDataset dataset(1000, {});
  std::size_t next = 0;
  model.predict(dataset, 1, [&](const PredictedExample& example) {
    EXPECT_EQ(example.position, next);
    EXPECT_EQ(example.id, "picture" + std::to_string(next));
    ASSERT_EQ(example.best.size(), 1U);
    EXPECT_EQ(example.best[0].index, static_cast<std::int64_t>(next % 3));
    EXPECT_EQ(example.probabilities.size(), 3U);
    ++next;
  });
  EXPECT_EQ(next, 1000U);
}

TEST(Model, ReportsBadPicturesAndGoesOn) {
  const Model model(color_bundle(), {.threads = 2});
  for (const std::size_t count : {std::size_t{5}, std::size_t{200}}) {
    const ColorDataset dataset(count, {0, 3, 4});
    std::size_t bad = 0, good = 0;
    model.predict(dataset, 1, [&](const PredictedExample& example) {
      if (example.bad.empty()) {
        EXPECT_EQ(example.best[0].index, static_cast<std::int64_t>(example.position % 3));
        ++good;
        return;
      }
      EXPECT_NE(example.bad.find("is gone"), std::string::npos);
      EXPECT_TRUE(example.best.empty());
      ++bad;
    });
    EXPECT_EQ(bad, 3U);
    EXPECT_EQ(good, count - 3);
  }
}

TEST(Model, PredictsAnEmptyDataSet) {
  const Model model(color_bundle());
  model.predict(ColorDataset(0, {}), 1, [](const PredictedExample&) { FAIL(); });
}

TEST(Model, StopsWhenTheReceiverThrows) {
  const Model model(color_bundle(), {.threads = 4});
  std::size_t seen = 0;
  EXPECT_THROW(model.predict(ColorDataset(5000, {}), 1,
                             [&](const PredictedExample&) {
                               if (++seen == 10) throw std::runtime_error("enough");
                             }),
               std::runtime_error);
  EXPECT_EQ(seen, 10U);
}

class CancelledAfter final : public Progress {
 public:
  explicit CancelledAfter(std::size_t steps) : left_(static_cast<std::ptrdiff_t>(steps)) {}
  void begin(std::string_view part, std::size_t total) override { began_ = std::string(part) + std::to_string(total); }
  void advance(std::size_t steps) override { left_ -= static_cast<std::ptrdiff_t>(steps); }
  bool cancelled() const override { return left_ <= 0; }
  std::string began_;

 private:
  std::atomic<std::ptrdiff_t> left_;
};

TEST(Model, StopsWhenCancelled) {
  const Model model(color_bundle(), {.threads = 2});
  CancelledAfter progress(100);
  std::size_t seen = 0;
  try {
    model.predict(ColorDataset(5000, {}), 1, [&](const PredictedExample&) { ++seen; }, progress);
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  EXPECT_LT(seen, 5000U);
  EXPECT_EQ(progress.began_, "predict5000");
}

TEST(Model, NamesAFileWithOneFlippedBit) {
  const TemporaryDirectory place;
  const auto path = place.path() / "model";
  write_bundle(color_bundle(), path, false);
  std::string weights = testing::slurp(path / "model.safetensors");
  weights.back() = static_cast<char>(weights.back() ^ 1);
  testing::spill(path / "model.safetensors", weights);
  try {
    Model::load(path);
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("model.safetensors"), std::string::npos);
  }
}

}  // namespace
}  // namespace enxerto

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/data/landmarks.h"
#include "enxerto/data/open.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/smooth_noise.h"
#include "enxerto/model/gallery.h"
#include "enxerto/model/model.h"
#include "enxerto/model/verify.h"
#include "enxerto/workflow/evaluate.h"
#include "enxerto/workflow/find_faces.h"
#include "enxerto/workflow/train.h"
#include "tests/pretrained/face_api_folder.h"
#include "tests/workflow/run_in.h"
#include "tests/workflow/small_backbone.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

/// Made-up networks find "faces" in noise, always the same ones.
class FacesRun : public ::testing::Test {
 protected:
  FacesRun() {
    std::string name = (fs::temp_directory_path() / "enxerto-faces-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    testing::write_face_networks(folder_ / "networks");
    testing::write_small_backbone(folder_ / "backbone");
    for (int person = 0; person < 3; ++person)
      for (int view = 0; view < 4; ++view) write_photo(folder_ / "data" / std::to_string(person), person, view);
  }
  ~FacesRun() override { fs::remove_all(folder_); }

  static void write_photo(const fs::path& folder, int person, int view) {
    fs::create_directories(folder);
    const Image image = smooth_noise(120 + view, 90, static_cast<std::uint64_t>(person));
    const std::vector<std::byte> jpeg = encode_jpeg(image, 90);
    std::ofstream(folder / (std::to_string(view) + ".jpg"), std::ios::binary)
        .write(reinterpret_cast<const char*>(jpeg.data()), static_cast<std::streamsize>(jpeg.size()));
  }

  Recipe recipe() const {
    Recipe recipe = testing::run_in(folder_, "model");
    recipe.task.kind = "identification";
    recipe.input.fit = "five_points";
    recipe.input.finder = (folder_ / "networks").string();
    recipe.input.detector = "tiny_face_detector";
    recipe.data.on_bad = OnBad::skip;
    return recipe;
  }

  static std::vector<float> vector_of(const Model& model, const fs::path& file) {
    std::vector<float> vector;
    model.predict(*open_files({file}, Medium::image), 1, [&](const PredictedExample& example) {
      EXPECT_EQ(example.bad, "");
      vector = example.probabilities;
    });
    return vector;
  }

  fs::path folder_;
};

TEST_F(FacesRun, AreFoundByTheSavedModelItself) {
  const TrainReport report = train(recipe());
  EXPECT_NE(report.input.find("of the largest face that tiny_face_detector finds"), std::string::npos) << report.input;
  EXPECT_EQ(read_bundle(report.model).networks.size(), 2U);
  EXPECT_TRUE(verify(report.model, 1).ok());
  fs::remove_all(folder_ / "networks");
  const fs::path photo = folder_ / "data/1/2.jpg";
  const std::vector<float> found = vector_of(Model::load(report.model), photo);
  EXPECT_FALSE(found.empty());
  EXPECT_EQ(evaluate(report.model, folder_ / "data").examples, 12U);
  add_identity(report.model, "another", *open_files({photo}, Medium::image));
  EXPECT_EQ(vector_of(Model::load(report.model), photo), found) << "the networks are still there";
}

TEST_F(FacesRun, OfNetworksThatDoNotAnswerAreNamedByVerifyAndPredict) {
  const TrainReport report = train(recipe());
  Bundle bundle = read_bundle(report.model);
  Graph& detector = bundle.networks.at("detector");
  detector.outputs.erase(detector.outputs.begin());
  write_bundle(bundle, folder_ / "edited", false);
  const VerifyReport found = verify(folder_ / "edited", 1);
  EXPECT_FALSE(found.ok());
  const auto check = std::ranges::find(found.checks, "networks of the preprocessing", &VerifyCheck::name);
  ASSERT_NE(check, found.checks.end());
  EXPECT_NE(check->detail.find("no answer 'boxes'"), std::string::npos) << check->detail;
  try {
    (void)vector_of(Model::load(folder_ / "edited"), folder_ / "data/1/2.jpg");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_NE(std::string(error.what()).find("tiny_face_detector"), std::string::npos) << error.what();
  }
}

TEST_F(FacesRun, ArePreparedAsByTheTableThatIsWrittenBefore) {
  const TrainReport report = train(recipe());
  const fs::path photo = folder_ / "data/0/1.jpg";
  const std::vector<float> found = vector_of(Model::load(report.model), photo);
  const std::vector<SearchedPicture> all = find_faces(
      *open_files({photo}, Medium::image), {.networks = folder_ / "networks", .detector = "tiny_face_detector"});
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].points.shape(), (Shape{69, 2}));
  std::ofstream(folder_ / "data/0/landmarks.csv")
      << landmarks_table({{.file = "1.jpg", .faces = 1, .score = 1, .points = all[0].points}});
  const std::vector<float> known = vector_of(Model::load(report.model), photo);
  ASSERT_EQ(known.size(), found.size());
  for (std::size_t i = 0; i < known.size(); ++i) EXPECT_NEAR(known[i], found[i], 1e-6) << i;
}

TEST_F(FacesRun, NeedAFitThatCutsThemOut) {
  Recipe whole = recipe();
  whole.input.fit = "squash";
  try {
    (void)train(whole);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("nothing is cut out by points"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto

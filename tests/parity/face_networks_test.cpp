#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/media/image/face_finder.h"
#include "enxerto/media/image/square_view.h"
#include "enxerto/pretrained/face_api.h"
#include "enxerto/pretrained/load_backbone.h"
#include "tests/pretrained/face_api_folder.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

Image made_face(int size) {
  Image image{.width = size, .height = size, .pixels = {}};
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x)
      for (int c = 0; c < 3; ++c) image.pixels.push_back(static_cast<std::uint8_t>((3 * y + 5 * x + 85 * c) % 256));
  return image;
}

class FaceNetworksOfFaceApi : public ::testing::Test {
 protected:
  FaceNetworksOfFaceApi() : golden_(testing::golden_of_faces()) {
    std::string name = (fs::temp_directory_path() / "enxerto-faces-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    testing::write_face_networks(folder_);
  }
  ~FaceNetworksOfFaceApi() override { fs::remove_all(folder_); }

  fs::path manifest(const std::string& name) const { return testing::face_manifest(folder_, name); }

  /// Every so-many-th number that a network gives for the made-up picture is the golden's.
  void expect_golden(const std::string& name, const Graph& graph, const ImagePreprocess& view) const {
    const Image image = made_face(view.size);
    TensorBuffer buffer(DType::f32, {1, 3, view.size, view.size});
    square_into(image, {.width = view.size, .height = view.size}, SquarePlace::first, view, buffer.as<float>());
    TensorMap input;
    input.set("input", std::move(buffer).freeze());
    const TensorMap said = compile(graph, {.threads = 1})->run(input);
    for (const auto& item : golden_[name]["outputs"].items()) {
      const auto values = said.at(item.key()).as<float>();
      const std::size_t step = item.value()["step"].get<std::size_t>();
      const Json& wanted = item.value()["values"];
      ASSERT_EQ(wanted.size(), (values.size() + step - 1) / step) << name << " " << item.key();
      double largest = 1;
      for (const Json& value : wanted) largest = std::max(largest, std::abs(value.get<double>()));
      for (std::size_t i = 0; i < wanted.size(); ++i)
        EXPECT_NEAR(values[i * step], wanted[i].get<double>(), 1e-5 * largest) << name << " " << item.key() << " " << i;
    }
  }

  Json golden_;
  fs::path folder_;
};

constexpr std::array<float, 3> kFaceMean{122.782F / 255, 117.001F / 255, 104.298F / 255};

TEST_F(FaceNetworksOfFaceApi, SayWhatTensorFlowJsSays) {
  for (const FaceDetectorKind& kind : face_detector_kinds()) {
    const bool tiny = kind.name == "tiny_face_detector";
    const FaceNetworks networks =
        load_face_networks(folder_, {.detector = std::string(kind.name), .tiny_landmarks = tiny});
    expect_golden(std::string(kind.name), networks.detector,
                  {.size = kind.size, .divisor = kind.divisor, .mean = kind.mean, .deviation = {1, 1, 1}});
    expect_golden(tiny ? "face_landmark_68_tiny" : "face_landmark_68", networks.landmarks,
                  {.size = 112, .mean = kFaceMean, .deviation = {1, 1, 1}});
  }
  const Backbone recognition = load_backbone(manifest("face_recognition").string());
  EXPECT_EQ(recognition.spec.preprocessor->record()["fit"], "eyes_and_mouth");
  expect_golden("face_recognition", recognition.graph, {.size = 150, .mean = kFaceMean, .deviation = {1, 1, 1}});
}

TEST_F(FaceNetworksOfFaceApi, AreTheFirstThatAreThere) {
  EXPECT_EQ(load_face_networks(folder_, {}).settings.detector, "ssd_mobilenetv1");
  fs::remove(manifest("ssd_mobilenetv1"));
  const FaceNetworks tiny = load_face_networks(folder_, {});
  EXPECT_EQ(tiny.settings.detector, "tiny_face_detector");
  EXPECT_EQ(tiny.settings.networks.size(), 32U);
  EXPECT_NE(tiny.settings.networks, load_face_networks(folder_, {.tiny_landmarks = true}).settings.networks);
}

std::string faces_refused(const fs::path& folder, const FaceNetworkOptions& options, ErrorKind kind) {
  try {
    (void)load_face_networks(folder, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "no error";
}

TEST_F(FaceNetworksOfFaceApi, ThatAreDamagedAreNamed) {
  fs::resize_file(folder_ / "face_landmark_68_model.bin", 1000);
  std::string error = faces_refused(folder_, {}, ErrorKind::weights);
  EXPECT_NE(error.find("has 1000 bytes in the shard 'face_landmark_68_model.bin'; expected the"), std::string::npos)
      << error;
  fs::remove(manifest("face_landmark_68"));
  error = faces_refused(folder_, {}, ErrorKind::weights);
  EXPECT_NE(error.find("face_landmark_68_model-weights_manifest.json: there is no such file"), std::string::npos)
      << error;
  fs::copy_file(manifest("tiny_face_detector"), manifest("face_landmark_68"));
  error = faces_refused(folder_, {}, ErrorKind::weights);
  EXPECT_NE(error.find("tensors of another network"), std::string::npos) << error;
  error = faces_refused(folder_, {.detector = "tiny_detector"}, ErrorKind::usage);
  EXPECT_NE(error.find("tiny_face_detector"), std::string::npos) << error;
  (void)faces_refused(folder_, {.least_score = 1.5}, ErrorKind::usage);
}

}  // namespace
}  // namespace enxerto

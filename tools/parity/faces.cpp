// Usage: faces MODEL-FOLDER DETECTOR PICTURES.safetensors OUTPUT.safetensors
// Finds faces in the pictures "whole/NAME", (height, width, 3) of uint8, and computes the networks' outputs for others.
// Built by tools/parity/faces.py.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/media/image/face_finder.h"
#include "enxerto/media/image/face_points.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/media/image/square_view.h"
#include "enxerto/pretrained/face_api.h"
#include "enxerto/weights/read_weights.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/zoo/face_landmarks.h"
#include "tools/parity/run_program.h"

using namespace enxerto;

namespace {

Image image_of(const Tensor& pixels) {
  const auto bytes = pixels.as<std::uint8_t>();
  return {.width = static_cast<int>(pixels.shape()[1]),
          .height = static_cast<int>(pixels.shape()[0]),
          .pixels = {bytes.begin(), bytes.end()}};
}

std::shared_ptr<Executor> ready(const Graph& graph) { return compile(graph, {.threads = 2, .streams = 1, .batch = 1}); }

NetworkRun as_run(const std::shared_ptr<Executor>& network) {
  return [network](const TensorMap& inputs) { return network->run(inputs); };
}

/// The picture's nearest pixels, as TensorFlow's resizeNearestNeighbor.
Image nearest(const Image& image, int side) {
  Image out{.width = side, .height = side, .pixels = {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      for (int c = 0; c < 3; ++c)
        out.pixels.push_back(image.pixels[static_cast<std::size_t>(
            (y * image.height / side * image.width + x * image.width / side) * 3 + c)]);
  return out;
}

Tensor input_of(const Image& image, const ImagePreprocess& preprocess) {
  TensorBuffer buffer(DType::f32, {1, 3, preprocess.size, preprocess.size});
  square_into(image, {.width = image.width, .height = image.height}, SquarePlace::first, preprocess,
              buffer.as<float>());
  return std::move(buffer).freeze();
}

constexpr std::array<float, 3> kMean{122.782F / 255, 117.001F / 255, 104.298F / 255};

class Faces {
 public:
  Faces(const std::string& folder, const std::string& detector)
      : networks_(load_face_networks(folder, {.detector = detector})),
        tiny_(load_face_networks(folder, {.detector = detector, .tiny_landmarks = true})),
        recognition_(load_backbone(folder + "/face_recognition_model-weights_manifest.json")),
        detector_(ready(networks_.detector)),
        landmarks_(ready(networks_.landmarks)),
        tiny_landmarks_(ready(tiny_.landmarks)),
        descriptor_(ready(recognition_.graph)),
        finder_(networks_.settings, as_run(detector_), as_run(landmarks_)) {}

  /// Zeros where nothing of the face is left to cut out.
  std::vector<float> descriptor_of(const std::string& name, const Image& image, const FoundFace& face) {
    const PictureArea area = eyes_and_mouth_box(face.points, image.width, image.height);
    if (area.width < 1 || area.height < 1) return std::vector<float>(128);
    Field field = as_field(image);
    field.marks = face.points;
    OwnSlots slots(recognition_.spec.preprocessor->inputs());
    recognition_.spec.preprocessor->encode({&field, 1}, {.where = name}, slots);
    const Tensor said = descriptor_->run(slots.take().front().reshaped({1, 3, 150, 150}));
    return {said.as<float>().begin(), said.as<float>().end()};
  }

  void look(const std::string& name, const Image& image, StateDict& out) {
    std::vector<double> boxes, points;
    std::vector<float> descriptors;
    const std::vector<FoundFace> faces = finder_.find(image);
    for (const FoundFace& face : faces) {
      boxes.insert(boxes.end(), {face.left, face.top, face.width, face.height, face.score});
      points.insert(points.end(), face.points.as<double>().begin(), face.points.as<double>().end());
      const std::vector<float> descriptor = descriptor_of(name, image, face);
      descriptors.insert(descriptors.end(), descriptor.begin(), descriptor.end());
    }
    const auto count = static_cast<std::int64_t>(faces.size());
    out.set(name + "/boxes", Tensor::of<double>({count, 5}, std::span<const double>(boxes)));
    out.set(name + "/points", Tensor::of<double>({count, 69, 2}, std::span<const double>(points)));
    out.set(name + "/descriptors", Tensor::of<float>({count, 128}, std::span<const float>(descriptors)));
  }

  void run_all(const std::string& name, const Image& image, StateDict& out) {
    for (const FaceDetectorKind& kind : face_detector_kinds()) {
      if (kind.name != networks_.settings.detector) continue;
      TensorMap input;
      input.set(
          "input",
          input_of(image, {.size = kind.size, .divisor = kind.divisor, .mean = kind.mean, .deviation = {1, 1, 1}}));
      for (const auto& [output, tensor] : detector_->run(input)) out.set(name + "/" + output, tensor);
    }
    const Tensor smaller = input_of(nearest(image, 112), {.size = 112, .mean = kMean, .deviation = {1, 1, 1}});
    out.set(name + "/points", landmarks_->run(smaller));
    out.set(name + "/tinyPoints", tiny_landmarks_->run(smaller));
    out.set(name + "/descriptor",
            descriptor_->run(input_of(nearest(image, 150), {.size = 150, .mean = kMean, .deviation = {1, 1, 1}})));
  }

 private:
  FaceNetworks networks_, tiny_;
  Backbone recognition_;
  std::shared_ptr<Executor> detector_, landmarks_, tiny_landmarks_, descriptor_;
  FaceFinder finder_;
};

void run(char** arguments) {
  Faces faces(arguments[1], arguments[2]);
  StateDict out;
  for (const auto& [name, pixels] : read_safetensors(arguments[3])) {
    const Image image = image_of(pixels);
    name.starts_with("whole/") ? faces.look(name, image, out) : faces.run_all(name, image, out);
  }
  write_safetensors(arguments[4], out);
}

}  // namespace

int main(int count, char** arguments) { return run_program(count, 5, arguments, run); }

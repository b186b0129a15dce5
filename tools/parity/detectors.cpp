// Usage: detectors WEIGHTS.pth INPUTS.safetensors OUTPUTS.safetensors SCORE OVERLAP CANDIDATES ALL
// Reads a published detector with the weights, runs it on "input" (n, 3, side, side) and writes "logits" and, for each
// picture, "found.N" (boxes, 6): corners, score, class. Built by tools/parity/detectors.py.
#include <cstdlib>
#include <string>
#include <vector>

#include "enxerto/engine/executor.h"
#include "enxerto/heads/head_kind.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/tasks/detector_head.h"
#include "enxerto/transfer/graft.h"
#include "enxerto/weights/safetensors.h"
#include "tools/parity/run_program.h"

using namespace enxerto;

namespace {

Tensor found_boxes(std::span<const float> answer, std::size_t classes, const BoxSelection& selection) {
  std::vector<float> rows;
  for (const SelectedBox& box : selected_boxes(answer, classes, selection)) {
    rows.insert(rows.end(), box.corners.begin(), box.corners.end());
    rows.insert(rows.end(), {box.score, static_cast<float>(box.label)});
  }
  return Tensor::of<float>({static_cast<std::int64_t>(rows.size() / 6), 6}, std::span<const float>(rows));
}

void run(char** arguments) {
  const StateDict inputs = read_safetensors(arguments[2]);
  const Tensor& pictures = inputs.at("input");
  const Backbone backbone = load_backbone(arguments[1], {.size = static_cast<int>(pictures.shape()[3])});
  const HeadSpec head = head_in(backbone.graph.parameters).value();
  const DetectorBoxes boxes = find_detector_head(head.kind)->boxes(before_head(backbone.graph, head));
  BoxSelection selection{.score = std::strtof(arguments[4], nullptr),
                         .overlap = std::strtof(arguments[5], nullptr),
                         .of_class = 0,
                         .all = std::stoul(arguments[7])};
  (head.kind == "retina" ? selection.candidates_of_map : selection.candidates_of_class) = std::stoul(arguments[6]);
  selection.boxes_of_map = boxes.boxes_of_map;
  const auto count = static_cast<std::size_t>(pictures.shape()[0]);
  TensorMap batch;
  batch.set(backbone.graph.inputs.front().name, pictures);
  const TensorMap answers =
      compile(backbone.graph, {.threads = 2, .streams = 1, .batch = static_cast<int>(count)})->run(batch);
  const auto all = answers.at(kHeadProbabilities).as<float>();
  StateDict outputs;
  outputs.set("logits", answers.at(kHeadLogits));
  for (std::size_t i = 0; i < count; ++i)
    outputs.set("found." + std::to_string(i), found_boxes(all.subspan(i * all.size() / count, all.size() / count),
                                                          static_cast<std::size_t>(backbone.spec.outputs), selection));
  write_safetensors(arguments[3], outputs);
}

}  // namespace

int main(int count, char** arguments) { return run_program(count, 8, arguments, run); }

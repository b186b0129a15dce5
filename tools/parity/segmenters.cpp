// Usage: segmenters WEIGHTS.pth INPUTS.safetensors OUTPUTS.safetensors
// Reads a published segmenter with the weights, runs it on "input" (n, 3, side, side) and writes "logits", the scores
// at the size of the map that they are made of. Built by tools/parity/segmenters.py.
#include "enxerto/engine/executor.h"
#include "enxerto/heads/head.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/weights/safetensors.h"
#include "tools/parity/run_program.h"

using namespace enxerto;

namespace {

void run(char** arguments) {
  const StateDict inputs = read_safetensors(arguments[2]);
  const Tensor& pictures = inputs.at("input");
  const Backbone backbone = load_backbone(arguments[1], {.size = static_cast<int>(pictures.shape()[3])});
  TensorMap batch;
  batch.set(backbone.graph.inputs.front().name, pictures);
  const Graph plain = without_training_nodes(backbone.graph);
  StateDict outputs;
  outputs.set("logits", compile(plain, {.threads = 2, .streams = 1, .batch = static_cast<int>(pictures.shape()[0])})
                            ->run(batch)
                            .at(kHeadLogits));
  write_safetensors(arguments[3], outputs);
}

}  // namespace

int main(int count, char** arguments) { return run_program(count, 4, arguments, run); }

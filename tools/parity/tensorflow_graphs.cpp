// Usage: tensorflow_graphs MODEL.json INPUT.safetensors OUTPUTS.safetensors
// Runs a TensorFlow.js graph model on the one tensor of INPUT, whole as the file has it, and writes its outputs by
// their names. Built by tools/parity/tensorflow_graphs.py.
#include "enxerto/engine/executor.h"
#include "enxerto/tensorflow/import.h"
#include "enxerto/weights/safetensors.h"
#include "tools/parity/run_program.h"

using namespace enxerto;

namespace {

void run(char** arguments) {
  const TensorFlowModel model = read_tensorflow(arguments[1]);
  const StateDict inputs = read_safetensors(arguments[2]);
  TensorMap batch;
  batch.set(model.graph.inputs.front().name, inputs.begin()->second);
  const TensorMap answers = compile(model.graph, {.threads = 2, .streams = 1, .batch = 1})->run(batch);
  StateDict outputs;
  for (const Value& output : model.graph.outputs) outputs.set(output.name, answers.at(output.name));
  write_safetensors(arguments[3], outputs);
}

}  // namespace

int main(int count, char** arguments) { return run_program(count, 4, arguments, run); }

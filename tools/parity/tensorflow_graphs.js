// What TensorFlow.js gives for a graph model, whole as the file has it.
//   node tensorflow_graphs.js MODEL.json INPUT.f32 SHAPE OUTPUTS.f32      (in a folder with @tensorflow/tfjs installed)
// SHAPE: "1,3,416,416". Writes the values of all outputs, one behind the other, and prints their names and shapes as JSON.
const fs = require("fs");
const path = require("path");
const tf = require("@tensorflow/tfjs");

const [file, input, sizes, target] = process.argv.slice(2);

async function main() {
  const document = JSON.parse(fs.readFileSync(file, "utf8"));
  const shards = document.weightsManifest.flatMap((group) =>
    group.paths.map((name) => fs.readFileSync(path.join(path.dirname(file), name))));
  const joined = Buffer.concat(shards);
  const weightData = joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.length);
  const weightSpecs = document.weightsManifest.flatMap((group) => group.weights);
  await tf.setBackend("cpu");
  const model = await tf.loadGraphModel({load: async () => ({...document, weightSpecs, weightData})});
  const bytes = fs.readFileSync(input);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const names = model.outputs.map((output) => output.name);
  const picture = tf.tensor(values, sizes.split(",").map(Number));
  const made = await model.executeAsync({[model.inputs[0].name]: picture}, names);
  const all = Array.isArray(made) ? made : [made];
  fs.writeFileSync(target, Buffer.concat(all.map((one) => Buffer.from(Float32Array.from(one.dataSync()).buffer))));
  console.log(JSON.stringify(all.map((one, i) => ({name: names[i], shape: one.shape}))));
}

main().catch((error) => { console.error(error); process.exit(1); });

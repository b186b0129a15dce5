// What TensorFlow.js gives for models of the package nsfwjs.
//   node tfjs.js MODEL FOLDER PICTURES.f32 COUNT SIZE       (in a folder with @tensorflow/tfjs and nsfwjs installed)
// Unpacks MODEL ("mobilenet_v2", "inception_v3") into FOLDER/quantised/model.json and its shards, as its author's converter wrote
// them, saves it once more as TensorFlow.js saves, into FOLDER/saved, and prints a JSON object: the values that its first dense
// layer takes, and the probabilities, for COUNT pictures of (SIZE, SIZE, 3) prepared float32 values.
const fs = require("fs");
const path = require("path");
const tf = require("@tensorflow/tfjs");

const [model, folder, pictures, count, size] = process.argv.slice(2);
const packed = path.join(path.dirname(require.resolve("nsfwjs")), "..", "models", model);
const plain = (module) => module.default || module;

function unpack(target) {
  fs.mkdirSync(target, {recursive: true});
  const document = plain(require(path.join(packed, "model.min.js")));
  const shards = [];
  for (const group of document.weightsManifest) {
    for (const name of group.paths) {
      const bytes = Buffer.from(plain(require(path.join(packed, name + ".min.js"))), "base64");
      fs.writeFileSync(path.join(target, name), bytes);
      shards.push(bytes);
    }
  }
  fs.writeFileSync(path.join(target, "model.json"), JSON.stringify(document));
  const joined = Buffer.concat(shards);
  return {
    modelTopology: document.modelTopology,
    weightSpecs: document.weightsManifest.flatMap((group) => group.weights),
    weightData: joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.length),
  };
}

function save(artifacts, target) {
  fs.mkdirSync(target, {recursive: true});
  fs.writeFileSync(path.join(target, "model.weights.bin"), Buffer.from(artifacts.weightData));
  fs.writeFileSync(path.join(target, "model.json"), JSON.stringify({
    modelTopology: artifacts.modelTopology, format: artifacts.format, generatedBy: artifacts.generatedBy,
    convertedBy: artifacts.convertedBy,
    weightsManifest: [{paths: ["./model.weights.bin"], weights: artifacts.weightSpecs}]}));
  return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: "JSON"}};
}

async function main() {
  await tf.setBackend("cpu");
  const network = await tf.loadLayersModel(tf.io.fromMemory(unpack(path.join(folder, "quantised"))));
  await network.save(tf.io.withSaveHandler(async (artifacts) => save(artifacts, path.join(folder, "saved"))));
  const bytes = fs.readFileSync(pictures);
  const x = tf.tensor(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), [+count, +size, +size, 3]);
  const dense = network.layers.find((layer) => layer.getClassName() === "Dense");
  const both = tf.model({inputs: network.inputs, outputs: [dense.input, network.outputs[0]]});
  const [features, probabilities] = both.predict(x);
  const head = network.layers.filter((layer) => layer.getClassName() === "Dense")
      .map((layer) => layer.getWeights().map((weight) => weight.arraySync()));
  console.log(JSON.stringify({features: features.arraySync(), probabilities: probabilities.arraySync(), head}));
}

main();

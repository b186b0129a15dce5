// Writes tests/golden/pretrained/faces.json: what face-api's networks say of a made-up picture with made-up weights.
//
//   node tools/golden/faces.js NODE-FOLDER       (which has @vladmandic/face-api@1.7.15, @tensorflow/tfjs and
//                                                 @tensorflow/tfjs-backend-wasm installed)
//
// For each network its weights manifest with steps of its own, whose bytes are the upper eight bits of a hash of their place, and
// numbers of what TensorFlow.js (backend "cpu") computes, every so-many-th of them.
const fs = require("fs");
const path = require("path");
const folder = path.resolve(process.argv[2], "node_modules");
const faceapi = require(path.join(folder, "@vladmandic/face-api/dist/face-api.node-wasm.js"));
const tf = faceapi.tf;
const models = path.join(folder, "@vladmandic/face-api/model");
const target = path.join(__dirname, "../../tests/golden/pretrained/faces.json");

const hash = (i) => {
  let x = Math.imul(i + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 15), 0x85ebca6b);
  return (x ^ (x >>> 13)) >>> 24;
};

/// Values between low and high, so that numbers neither die nor grow.
function range(name, shape) {
  if (shape.length > 1 && name !== "Output/extra_dim") {
    const fan = shape.length === 2 ? shape[0] : name.includes("depthwise") ? shape[0] * shape[1] : shape[0] * shape[1] * shape[2];
    const high = Math.sqrt(6 / fan);
    return [-high, high];
  }
  if (name === "Output/extra_dim") return [0, 1];
  if (/gamma|variance|scale\/weights/.test(name)) return [0.5, 1];
  return [-0.1, 0.1];
}

function made(name) {
  const manifest = JSON.parse(fs.readFileSync(path.join(models, name + "_model-weights_manifest.json")));
  const weights = manifest.flatMap((group) => group.weights).filter((weight) => weight.dtype === "float32").map((weight) => {
    const [low, high] = range(weight.name, weight.shape);
    return {name: weight.name, shape: weight.shape, dtype: "float32",
            quantization: {dtype: "uint8", scale: Math.fround((high - low) / 255), min: Math.fround(low)}};
  });
  const count = weights.reduce((sum, weight) => sum + weight.shape.reduce((a, b) => a * b, 1), 0);
  const bytes = new Uint8Array(count).map((_, i) => hash(i));
  return {weights, map: tf.io.decodeWeights(bytes.buffer, weights)};
}

function picture(size) {
  const pixels = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; ++y)
    for (let x = 0; x < size; ++x)
      for (let c = 0; c < 3; ++c) pixels[(y * size + x) * 3 + c] = (3 * y + 5 * x + 85 * c) % 256;
  return tf.tensor3d(pixels, [size, size, 3], "int32");
}

const rounded = (values, step) => values.filter((_, i) => i % step === 0).map((value) => Number(value.toPrecision(7)));
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/// As TinyYolov2Base.extractBoxes.
function decoded(cells, anchors) {
  const boxes = [], scores = [], count = cells.length;
  cells.forEach((row, y) => row.forEach((cell, x) => anchors.forEach((anchor, a) => {
    const [at, down, width, height, score] = cell.slice(5 * a, 5 * a + 5);
    const middle = [(x + sigmoid(at)) / count, (y + sigmoid(down)) / count];
    const half = [Math.exp(width) * anchor.x / count / 2, Math.exp(height) * anchor.y / count / 2];
    boxes.push(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]);
    scores.push(sigmoid(score));
  })));
  return {boxes, scores};
}

async function main() {
  await tf.setBackend("cpu");
  const nets = faceapi.nets, golden = {};
  const run = async (name, net, size, say) => {
    const {weights, map} = made(name);
    net.loadFromWeightMap(map);
    golden[name] = {size, weights, outputs: await say(picture(size))};
  };
  const one = (key, net) => async (x) => ({[key]: {step: 1, values: rounded(Array.from((await net.forward(x)).dataSync()), 1)}});
  await run("face_recognition", nets.faceRecognitionNet, 150, one("descriptor", nets.faceRecognitionNet));
  await run("face_landmark_68", nets.faceLandmark68Net, 112, one("points", nets.faceLandmark68Net));
  await run("face_landmark_68_tiny", nets.faceLandmark68TinyNet, 112, one("points", nets.faceLandmark68TinyNet));
  await run("tiny_face_detector", nets.tinyFaceDetector, 416, async (x) => {
    const {boxes, scores} = decoded((await nets.tinyFaceDetector.forward(x, 416)).arraySync()[0], nets.tinyFaceDetector.anchors);
    return {boxes: {step: 31, values: rounded(boxes, 31)}, scores: {step: 7, values: rounded(scores, 7)}};
  });
  await run("ssd_mobilenetv1", nets.ssdMobilenetv1, 512, async (x) => {
    const {boxes, scores} = await nets.ssdMobilenetv1.forward(x);
    const ours = boxes[0].arraySync().flatMap(([top, left, bottom, right]) => [left, top, right, bottom]);
    return {boxes: {step: 151, values: rounded(ours, 151)}, scores: {step: 37, values: rounded(scores[0].arraySync(), 37)}};
  });
  fs.writeFileSync(target, JSON.stringify(golden).replace(/\},\{"name"/g, '},\n{"name"') + "\n");
}

main().catch((error) => { console.error(error); process.exit(1); });

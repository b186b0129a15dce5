// What face-api (npm: @vladmandic/face-api) finds in pictures, run by TensorFlow.js.
//   node faces.js PICTURES.json DETECTOR OUTPUT.json [points]      (in a folder with @vladmandic/face-api, @tensorflow/tfjs and
//                                                          @tensorflow/tfjs-backend-wasm installed)
// PICTURES.json lists {name, file, width, height, whole} of raw RGB bytes; DETECTOR: ssd_mobilenetv1 or tiny_face_detector. A picture
// that is `whole` is looked for faces, with 68 points and 128 numbers of each (with "points": without the numbers); any other goes
// straight into the networks. Times are seconds of the processor for each picture that is whole, after the first.
const fs = require("fs");
const path = require("path");
const faceapi = require("@vladmandic/face-api/dist/face-api.node-wasm.js");
const tf = faceapi.tf;

const [list, detector, target, wanted] = process.argv.slice(2);
const ssd = detector === "ssd_mobilenetv1";
const nets = faceapi.nets;
const detecting = ssd ? nets.ssdMobilenetv1 : nets.tinyFaceDetector;

/// Its own loader fetches addresses.
async function load(net, folder, name) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, name + "_model-weights_manifest.json")));
  const map = {};
  for (const group of manifest) {
    const bytes = Buffer.concat(group.paths.map((file) => fs.readFileSync(path.join(folder, file))));
    Object.assign(map, tf.io.decodeWeights(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), group.weights));
  }
  net.loadFromWeightMap(map);
}

async function networks(picture) {
  const said = {};
  if (ssd) {
    const {boxes, scores} = await detecting.forward(picture);
    Object.assign(said, {boxes: boxes[0].arraySync(), scores: scores[0].arraySync()});
  } else {
    said.cells = (await detecting.forward(picture, 416)).arraySync()[0];
  }
  const small = tf.image.resizeNearestNeighbor(picture, [150, 150]), smaller = tf.image.resizeNearestNeighbor(picture, [112, 112]);
  said.descriptor = (await nets.faceRecognitionNet.forward(small)).arraySync()[0];
  said.points = (await nets.faceLandmark68Net.forward(smaller)).arraySync()[0];
  said.tinyPoints = (await nets.faceLandmark68TinyNet.forward(smaller)).arraySync()[0];
  return said;
}

async function faces(picture) {
  const options = ssd ? new faceapi.SsdMobilenetv1Options() : new faceapi.TinyFaceDetectorOptions();
  const pointed = faceapi.detectAllFaces(picture, options).withFaceLandmarks();
  if (wanted === "points") return (await pointed).length;
  const found = await pointed.withFaceDescriptors();
  return found.map((face) => ({
    score: face.detection.score,
    box: ["x", "y", "width", "height"].map((side) => face.detection.box[side]),
    points: face.landmarks.positions.map((point) => [point.x, point.y]),
    cut: ["x", "y", "width", "height"].map((side) => face.landmarks.align(null, {useDlibAlignment: true})[side]),
    descriptor: Array.from(face.descriptor),
  }));
}

async function main() {
  await tf.setBackend("wasm");
  await tf.ready();
  const folder = path.join(path.dirname(require.resolve("@vladmandic/face-api/package.json")), "model");
  await load(detecting, folder, detector);
  await load(nets.faceRecognitionNet, folder, "face_recognition");
  await load(nets.faceLandmark68Net, folder, "face_landmark_68");
  await load(nets.faceLandmark68TinyNet, folder, "face_landmark_68_tiny");
  const said = {}, seconds = [];
  for (const {name, file, width, height, whole} of JSON.parse(fs.readFileSync(list))) {
    const picture = tf.tensor3d(new Uint8Array(fs.readFileSync(file)), [height, width, 3], "int32");
    const before = process.cpuUsage();
    said[name] = whole ? await faces(picture) : await networks(picture);
    const {user, system} = process.cpuUsage(before);
    if (whole) seconds.push((user + system) / 1e6);
    picture.dispose();
  }
  fs.writeFileSync(target, JSON.stringify({backend: tf.getBackend(), said, seconds: seconds.slice(1)}));
}

main().catch((error) => { console.error(error); process.exit(1); });

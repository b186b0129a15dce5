# The one table of layers: `layer: needs`. A folder enxerto/<layer>/ may include the layers it needs, what those need, and
# itself. cmake/build_layers.cmake makes a target of each row; the test `layering` holds every #include against it.
set(ENXERTO_LAYERS
  "base:"
  "files: base"
  "graph: base"
  "onnx: graph files"
  "weights: files"
  "zoo: graph"
  "media: files"
  "data: media"
  "bundle: graph weights media"
  "pretrained: weights zoo media onnx bundle"
  "engine: graph onnx"
  "features: data engine"
  "heads: graph"
  "metrics: base"
  "tasks: heads metrics data"
  "transfer: pretrained features tasks"
  "model: bundle engine tasks"
  "report: metrics files"
  "workflow: transfer model report"
)

#include "enxerto/onnx/import.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <limits>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/mapping.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/ceil_mode.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/onnx/graph_reader.h"
#include "enxerto/onnx/inline_functions.h"
#include "enxerto/onnx/onnx_error.h"
#include "enxerto/onnx/parameter_names.h"
#include "enxerto/onnx/supported.h"
#include "enxerto_onnx.pb.h"

namespace enxerto {
namespace {

using enxerto_onnx::GraphProto;
using enxerto_onnx::ModelProto;

constexpr int kDeepestMessage = 100;

ModelProto parse(std::span<const std::byte> bytes, const std::string& where) {
  if (bytes.size() > to_size(std::numeric_limits<int>::max())) {
    fail_onnx(where, {.found = fmt::format("{} bytes", bytes.size()),
                      .expected = "at most 2 GB, the limit of the format",
                      .tip = "export the model with external data: the weights in a file next to it"});
  }
  const int size = static_cast<int>(bytes.size());
  google::protobuf::io::ArrayInputStream array(bytes.data(), size);
  google::protobuf::io::CodedInputStream stream(&array);
  stream.SetRecursionLimit(kDeepestMessage);
  stream.SetTotalBytesLimit(size);
  ModelProto model;
  const bool whole = size > 0 && model.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
  if (!whole || !model.has_graph()) {
    fail_onnx(where, {.found = "not an ONNX model, or a truncated one",
                      .expected = "a protobuf message of type onnx.ModelProto with a graph"});
  }
  return model;
}

std::int64_t opset_of(const ModelProto& model, const std::string& where) {
  std::int64_t opset = 1;  // what a file says that says nothing
  for (const auto& import : model.opset_import())
    if (import.domain().empty() || import.domain() == "ai.onnx") opset = import.version();
  if (opset >= kOldestOpset && opset <= kNewestOpset) return opset;
  fail_onnx(where, {.found = fmt::format("opset {}", opset),
                    .expected = fmt::format("opset {} to {}", kOldestOpset, kNewestOpset),
                    .tip = "export the model again with opset 20"});
}

/// A tensor whose dimensions are listed; to ask for the shape of another would give it one.
bool has_rank(const enxerto_onnx::ValueInfoProto& value) {
  return value.type().has_tensor_type() && value.type().tensor_type().has_shape();
}

/// Writes one example where the number of them is open; false where it is nowhere.
bool close_to_one_example(GraphProto& graph) {
  bool changed = false;
  for (auto& input : *graph.mutable_input()) {
    if (!has_rank(input)) continue;
    auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
    if (shape.dim_size() == 0 || shape.dim(0).has_dim_value()) continue;
    shape.mutable_dim(0)->set_dim_value(1);
    changed = true;
  }
  return changed;
}

/// Inputs of as many dimensions have these where the file leaves them open.
void close_dimensions(GraphProto& graph, const SymbolicShape& sizes) {
  for (auto& input : *graph.mutable_input()) {
    if (!has_rank(input)) continue;
    auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
    if (std::cmp_not_equal(shape.dim_size(), sizes.size())) continue;
    for (int i = 0; i < shape.dim_size(); ++i) {
      const Dim& size = sizes[static_cast<std::size_t>(i)];
      if (shape.dim(i).has_dim_value() && shape.dim(i).dim_value() > 0) continue;
      if (size.is_symbolic())
        shape.mutable_dim(i)->set_dim_param(size.symbol);
      else
        shape.mutable_dim(i)->set_dim_value(size.size);
    }
  }
}

OnnxModel read_proto(ModelProto proto, const TensorReader::Source& source, const OpenSizes& sizes) {
  OnnxModel model;
  model.opset = opset_of(proto, source.where);
  model.producer = proto.producer_name();
  if (!proto.producer_version().empty()) model.producer += " " + proto.producer_version();
  for (const auto& entry : proto.metadata_props()) model.metadata[entry.key()] = entry.value();
  if (sizes) close_dimensions(*proto.mutable_graph(), sizes(model.metadata));
  inline_functions(proto, source.where);
  check_operators(proto.graph(), source.where);
  GraphReader reader(source.where, TensorReader(source), model.opset);
  try {
    reader.read(*proto.mutable_graph());
    model.scopes = std::move(reader.scopes());
    model.graph = with_module_names(without_idle_ceil_mode(fold_shapes(reader.graph())), model.scopes);
    check(model.graph);
  } catch (const Error& error) {
    const ErrorText& text = error.text();
    if (text.where.starts_with(source.where)) throw;
    throw Error(error.kind(), {.where = fmt::format("{}: {}", source.where, text.where),
                               .found = text.found,
                               .expected = text.expected,
                               .tip = text.tip});
  }
  return model;
}

/// A file that says that it takes any number of examples, but runs with one alone, is a file for one.
OnnxModel read_model(std::span<const std::byte> bytes, const TensorReader::Source& source,
                     const OpenSizes& sizes = nullptr) {
  try {
    return read_proto(parse(bytes, source.where), source, sizes);
  } catch (const Error&) {
    ModelProto proto = parse(bytes, source.where);
    if (!close_to_one_example(*proto.mutable_graph())) throw;
    try {
      return read_proto(std::move(proto), source, sizes);
    } catch (const Error&) {
      // What is wrong with the file as it is, is said.
    }
    throw;
  }
}

}  // namespace

OnnxModel read_onnx(const std::filesystem::path& path, const OpenSizes& sizes) {
  const MappedFile file(path, ErrorKind::weights);
  std::error_code ignored;
  return unless_it_shrank([&] {
    return read_model(file.bytes(),
                      {.where = path.string(),
                       .folder = path.parent_path(),
                       .follow_links = std::filesystem::is_symlink(path, ignored)},
                      sizes);
  });
}

std::map<std::string, std::string> onnx_metadata(const std::filesystem::path& path) {
  const MappedFile file(path, ErrorKind::weights);
  std::map<std::string, std::string> metadata;
  const ModelProto proto = unless_it_shrank([&] { return parse(file.bytes(), path.string()); });
  for (const auto& entry : proto.metadata_props()) metadata[entry.key()] = entry.value();
  return metadata;
}

OnnxModel parse_onnx(std::span<const std::byte> bytes, const std::string& where, const std::filesystem::path& folder) {
  return read_model(bytes, {.where = where, .folder = folder, .follow_links = false});
}

}  // namespace enxerto

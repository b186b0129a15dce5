#include "enxerto/engine/openvino/network.h"

#include <optional>
#include <sstream>

#include "enxerto/base/error.h"
#include "enxerto/base/memory_message.h"
#include "enxerto/engine/openvino/element_type.h"
#include "enxerto/engine/openvino/request_pool.h"
#include "enxerto/engine/openvino/tensor_views.h"

namespace enxerto {
namespace {

ov::Tensor view_of(TensorBuffer& buffer, const ov::Output<const ov::Node>& output) {
  return {output.get_element_type(), output.get_shape(), buffer.data()};
}

class OpenVinoNetwork final : public Network {
 public:
  OpenVinoNetwork(const ov::CompiledModel& model, int streams, std::string where)
      : model_(model), outputs_(model.outputs()), where_(std::move(where)), pool_(model, streams) {}

  std::vector<Tensor> run(std::span<const Tensor> inputs) override {
    try {
      return run_unguarded(inputs);
    } catch (const ov::Exception& error) {
      const ErrorKind kind = says_memory_is_short(error.what()) ? ErrorKind::memory : ErrorKind::other;
      throw Error(kind, {.where = where_,
                         .found = std::string("the engine failed: ") + error.what(),
                         .tip = "a smaller batch, if memory is short"});
    }
  }

  std::string compiled() const override {
    try {
      std::ostringstream bytes;
      ov::CompiledModel(model_).export_model(bytes);
      return std::move(bytes).str();
    } catch (const ov::Exception&) {
      return {};
    }
  }

 private:
  std::vector<Tensor> run_unguarded(std::span<const Tensor> inputs) {
    std::vector<std::optional<TensorBuffer>> buffers(outputs_.size());
    RequestPool::Lease request(pool_);
    for (std::size_t i = 0; i < inputs.size(); ++i) request->set_input_tensor(i, view_of(inputs[i]));
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      if (outputs_[i].get_partial_shape().is_dynamic()) continue;
      buffers[i].emplace(from_openvino(outputs_[i].get_element_type()), shape_of(outputs_[i].get_shape()));
      request->set_output_tensor(i, view_of(*buffers[i], outputs_[i]));
    }
    // Asynchronous, so that the work is done by the streams' own threads and the caller's thread costs nothing.
    request->start_async();
    request->wait();
    std::vector<Tensor> results;
    results.reserve(outputs_.size());
    for (std::size_t i = 0; i < outputs_.size(); ++i)
      results.push_back(buffers[i] ? std::move(*buffers[i]).freeze() : copy_of(request->get_output_tensor(i)));
    return results;
  }

  ov::CompiledModel model_;
  std::vector<ov::Output<const ov::Node>> outputs_;
  std::string where_;
  RequestPool pool_;
};

}  // namespace

std::unique_ptr<Network> make_network(const ov::CompiledModel& model, int streams, const std::string& where) {
  return std::make_unique<OpenVinoNetwork>(model, streams, where);
}

}  // namespace enxerto

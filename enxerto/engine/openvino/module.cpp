#include "enxerto/engine/openvino/module.h"

#include <fstream>
#include <openvino/core/version.hpp>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/memory_message.h"
#include "enxerto/engine/openvino/ambiguous_attention.h"
#include "enxerto/engine/openvino/fused_attention.h"
#include "enxerto/engine/openvino/kept_states.h"
#include "enxerto/engine/openvino/nearly_hard_sigmoid.h"
#include "enxerto/engine/openvino/network.h"
#include "enxerto/engine/openvino/recurrent_lengths.h"

namespace enxerto {
namespace {

/// Of what is done to graphs before OpenVINO has them: one more whenever outputs change by it, so that features and
/// compiled networks of before are not taken for those of now.
constexpr int kRewrites = 2;

/// Never destroyed: at exit the plug-ins' own statics may be gone before it.
ov::Core& core() {
  static ov::Core& only = *new ov::Core;
  return only;
}

/// Everything is set: the engine's defaults differ between processors (bf16 where there is such arithmetic).
ov::AnyMap properties_of(const NetworkOptions& options) {
  return {
      ov::hint::inference_precision(options.bf16 ? ov::element::bf16 : ov::element::f32),
      ov::num_streams(ov::streams::Num(options.streams)),
      ov::inference_num_threads(options.threads),
      // Pinned threads of several processes would share the same cores.
      ov::hint::enable_cpu_pinning(false),
  };
}

/// What the system says the first processor can do: which arithmetic a network is compiled for follows from it.
std::string processor_flags() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line) && !line.empty())
    if (line.starts_with("flags") || line.starts_with("Features")) return line;
  return {};
}

/// The lines of the engine's message that say something: without source positions and check names.
std::string essence_of(std::string_view message) {
  std::string essence;
  while (!message.empty()) {
    const std::size_t end = message.find('\n');
    const std::string_view line = message.substr(0, end);
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
    const bool is_position = line.starts_with("Exception from ") || line.starts_with("Check '");
    if (line.empty() || is_position) continue;
    if (!essence.empty()) essence += "; ";
    essence += line;
  }
  constexpr std::size_t kLongest = 400;  // one fault may have hundreds of followers
  if (essence.size() > kLongest) essence = essence.substr(0, essence.find_last_of(' ', kLongest)) + " ..";
  return essence.empty() ? "no reason given" : essence;
}

/// What `compile` gives; throws as `EngineModule::compile` says.
template <typename Compile>
auto guarded(const std::string& where, const Compile& compile) {
  try {
    return compile();
  } catch (const ov::Exception& error) {
    if (says_memory_is_short(error.what()))
      throw Error(ErrorKind::memory, {.where = where,
                                      .found = "the engine lacks memory for this network: " + essence_of(error.what()),
                                      .expected = "enough memory and address space",
                                      .tip = "a smaller batch, or other limits: see `ulimit -v`"});
    throw weights_error(where, "the engine cannot run this network: " + essence_of(error.what()),
                        "operators of ONNX opset 20 that OpenVINO supports",
                        "where the number of examples is written into it, export it with a free one "
                        "(torch.onnx.export: dynamic_shapes, dynamic_axes), or with PyTorch's other exporter");
  }
}

class OpenVinoModule final : public EngineModule {
 public:
  std::string version() const override {
    return fmt::format("OpenVINO {}, {}", ov::get_openvino_version().buildNumber, kRewrites);
  }

  std::unique_ptr<Network> compile(const std::string& onnx, const NetworkOptions& options,
                                   const std::string& where) const override {
    return guarded(where, [&] {
      const std::shared_ptr<ov::Model> model = core().read_model(onnx, ov::Tensor());
      honour_lengths(*model);
      keep_nearly_hard_sigmoids(*model);
      ov::AnyMap properties = properties_of(options);
      if (has_ambiguous_attention(*model)) properties["SNIPPETS_MODE"] = "DISABLE";
      return make_network(core().compile_model(model, "CPU", properties), options.streams, where);
    });
  }

  std::unique_ptr<StatefulNetwork> compile_stateful(const std::string& onnx, std::span<const KeptState> kept,
                                                    const NetworkOptions& options,
                                                    const std::string& where) const override {
    return guarded(where, [&] {
      const std::shared_ptr<ov::Model> model = core().read_model(onnx, ov::Tensor());
      honour_lengths(*model);
      keep_states(*model, kept);
      fuse_attention(*model);
      ov::AnyMap properties = properties_of(options);
      // Its own choice is 8 bits.
      properties.emplace(ov::hint::kv_cache_precision(options.bf16 ? ov::element::bf16 : ov::element::f32));
      properties.emplace(ov::hint::dynamic_quantization_group_size(0));
      return make_stateful_network(core().compile_model(model, "CPU", properties), where);
    });
  }

  std::string target() const override {
    return version() + '\n' + core().get_property("CPU", ov::device::full_name) + '\n' + processor_flags();
  }

  std::unique_ptr<Network> reopen(std::span<const std::byte> bytes, const NetworkOptions& options,
                                  const std::string& where) const override {
    try {
      const ov::Tensor blob(ov::element::u8, {bytes.size()}, const_cast<std::byte*>(bytes.data()));
      return make_network(core().import_model(blob, "CPU", properties_of(options)), options.streams, where);
    } catch (const ov::Exception&) {
      return nullptr;
    }
  }
};

}  // namespace
}  // namespace enxerto

extern "C" __attribute__((visibility("default"))) const enxerto::EngineModule* enxerto_engine_module(int version) {
  static const enxerto::OpenVinoModule module;
  return version == enxerto::kModuleVersion ? &module : nullptr;
}

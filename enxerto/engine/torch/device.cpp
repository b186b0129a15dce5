#include "enxerto/engine/torch/device.h"

#include <ATen/ATen.h>
#include <dlfcn.h>

#include "enxerto/base/error.h"

namespace enxerto {

at::Device torch_device(Device device) {
  if (device == Device::cpu) return at::kCPU;
  // Nothing of ours links it, so that the engine starts where there is no such device; opened, it registers itself.
  dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  if (!at::hasCUDA() || at::detail::getCUDAHooks().deviceCount() < 1)
    throw usage_error("device cuda", "LibTorch finds no such device",
                      "an NVIDIA GPU, its driver and a LibTorch with libtorch_cuda.so", "cpu");
  return at::kCUDA;
}

}  // namespace enxerto

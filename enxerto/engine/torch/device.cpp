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
    throw Error(ErrorKind::usage, {.where = "device cuda",
                                   .found = "LibTorch finds no such device",
                                   .expected = "an NVIDIA GPU, its driver and a LibTorch with libtorch_cuda.so",
                                   .tip = "cpu"});
  return at::kCUDA;
}

}  // namespace enxerto

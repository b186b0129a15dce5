#include "enxerto/weights/hdf5_reader/open_image.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace enxerto {
namespace {

// The library means to copy the image from plan to plan; it is the same memory map everywhere.
void* same_image(std::size_t, H5FD_file_image_op_t, void* image) { return image; }
void* copy_nothing(void* to, const void*, std::size_t, H5FD_file_image_op_t, void*) { return to; }
void* never_grow(void*, std::size_t, H5FD_file_image_op_t, void*) { return nullptr; }
herr_t keep_image(void*, H5FD_file_image_op_t, void*) { return 0; }
void* same_context(void* context) { return context; }
herr_t keep_context(void*) { return 0; }

/// The last of the library's reasons is the one that says what is wrong with the file.
std::string innermost_reason() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned number, const H5E_error2_t* error, void* to) -> herr_t {
        if (number == 0 && error->desc != nullptr) *static_cast<std::string*>(to) = error->desc;
        return 0;
      },
      &reason);
  return reason.empty() ? "no reason given" : reason;
}

}  // namespace

std::span<std::byte> map_image(int file, std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t slack = offset % static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  void* const pages = mmap(nullptr, size + slack, PROT_READ, MAP_PRIVATE, file, static_cast<off_t>(offset - slack));
  if (pages == MAP_FAILED) return {};
  return {static_cast<std::byte*>(pages) + slack, size};
}

bool start_hdf5() {
  return H5open() >= 0 && H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0 && H5PLset_loading_state(0) >= 0;
}

Handle open_image(std::span<std::byte> image) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), "the library does not start");
  H5FD_file_image_callbacks_t callbacks{.image_malloc = same_image,
                                        .image_memcpy = copy_nothing,
                                        .image_realloc = never_grow,
                                        .image_free = keep_image,
                                        .udata_copy = same_context,
                                        .udata_free = keep_context,
                                        .udata = image.data()};
  constexpr std::size_t kGrowth = 1 << 16;
  if (H5Pset_fapl_core(access.get(), kGrowth, false) < 0 || H5Pset_file_image_callbacks(access.get(), &callbacks) < 0 ||
      H5Pset_file_image(access.get(), image.data(), image.size()) < 0)
    throw Refusal{.found = "cannot be read: the library does not open it from memory"};
  const hid_t file = H5Fopen("/weights", H5F_ACC_RDONLY, access.get());
  if (file < 0) {
    throw Refusal{.found = "is not a complete HDF5 file: " + innermost_reason(),
                  .expected = "an HDF5 file as Keras writes it"};
  }
  return {file, "the file"};
}

}  // namespace enxerto

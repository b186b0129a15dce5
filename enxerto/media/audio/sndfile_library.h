#pragma once
#include <sndfile.h>

namespace enxerto {

/// The functions of libsndfile that are used. It is opened with the first clip: it brings ten codecs, which a program
/// that reads no sound must not wait for.
struct SndfileLibrary {
  decltype(&sf_open_virtual) open_virtual = nullptr;
  decltype(&sf_readf_float) readf_float = nullptr;
  decltype(&sf_command) command = nullptr;
  decltype(&sf_strerror) strerror = nullptr;
  decltype(&sf_close) close = nullptr;
};

/// Opened once, from any thread. Throws Error{other} where the machine has none.
const SndfileLibrary& sndfile_library();

}  // namespace enxerto

#include "enxerto/media/audio/sndfile_library.h"

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/system_library.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse_sndfile(const std::string& found) {
  throw Error(ErrorKind::other, {.where = "libsndfile",
                                 .found = found,
                                 .expected = "libsndfile.so.1, which reads sound files",
                                 .tip = "apt-get install libsndfile1"});
}

SndfileLibrary open_sndfile() {
  const SystemLibrary library({"libsndfile.so.1"}, refuse_sndfile);
  SndfileLibrary functions;
  library.find("sf_open_virtual", functions.open_virtual);
  library.find("sf_readf_float", functions.readf_float);
  library.find("sf_command", functions.command);
  library.find("sf_strerror", functions.strerror);
  library.find("sf_close", functions.close);
  return functions;
}

}  // namespace

const SndfileLibrary& sndfile_library() {
  static const SndfileLibrary library = open_sndfile();
  return library;
}

}  // namespace enxerto

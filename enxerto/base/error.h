#pragma once
#include <stdexcept>
#include <string>

namespace enxerto {

/// What went wrong, as the exit code of the command line.
enum class ErrorKind {
  other = 1,
  usage = 2,
  data = 3,
  weights = 4,  ///< a weight file, a network or a saved model
  disk = 5,
  network = 6,
  diverged = 7,
  memory = 8,
  interrupted = 130,
};

/// What an error says: where, what was found, what was expected, what to try. Only `where` and `found` are always
/// there.
struct ErrorText {
  std::string where;     ///< the file, folder, option or tensor
  std::string found;     ///< what is wrong with it
  std::string expected;  ///< what would have been right
  std::string tip;       ///< what to try
};

/// Every error of the library. `what()` is one line: "where: found; expected ...; try: ...".
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, ErrorText text);

  ErrorKind kind() const { return kind_; }
  const ErrorText& text() const { return text_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
  ErrorText text_;
};

}  // namespace enxerto

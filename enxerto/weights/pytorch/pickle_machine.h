#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "enxerto/weights/pytorch/pickle_value.h"

namespace enxerto {

/// Reads one pickle (protocols 0 to 5, https://docs.python.org/3/library/pickletools.html) from the beginning of
/// `bytes`, which must outlive the result. Nothing is imported or called: what Python would call becomes a value that
/// says so. Number of values, stack and memo are bounded. Throws Error{weights}.
Pickle read_pickle(std::span<const std::byte> bytes, std::string_view where);

}  // namespace enxerto

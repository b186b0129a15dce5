#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "enxerto/base/progress.h"

namespace enxerto {

/// A name in UTF-8 with every accent as a letter of its own (Unicode's NFD), so that names which differ in nothing that
/// can be seen are equal: macOS writes them so, others do not. The order of several accents on one letter stays.
std::string canonical_form(std::string_view name);

/// Position of the name that equals `wanted`, or, where none does, of the only one that has its canonical form.
std::optional<std::size_t> find_name(std::span<const std::string> names, std::string_view wanted);

/// The first name that looks as one before it, and that one: equal but for the form of their accents, case and spaces
/// around.
std::optional<std::pair<std::string, std::string>> first_look_alikes(std::span<const std::string> names);

/// Says which names look the same, and which have a space around them.
void notice_look_alikes(std::span<const std::string> names, Progress& progress);

}  // namespace enxerto

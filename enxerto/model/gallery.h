#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// Somebody whom a model knows.
struct KnownIdentity {
  std::string name;
  std::size_t examples = 0;  ///< that it knows it by
};

/// Whom a saved model knows, in its order. Throws Error{usage} for one whose task has no gallery.
std::vector<KnownIdentity> known_identities(const std::filesystem::path& model);

/// Puts the examples to an identity, which is new or there, and saves the model in its place; nothing is trained, and
/// no example is kept. Gives how many they are: copies of each other are one. Throws Error{data} naming every example
/// that cannot be read: nothing has changed then; and as above.
std::size_t add_identity(const std::filesystem::path& model, const std::string& name, const Dataset& examples,
                         Progress& progress = no_progress());

/// Forgets an identity and saves the model in its place. Throws Error{usage}, naming the nearest, where nobody is
/// called so, and for the last one.
void remove_identity(const std::filesystem::path& model, const std::string& name);

}  // namespace enxerto

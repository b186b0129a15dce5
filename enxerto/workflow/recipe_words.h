#pragma once
#include <string>
#include <vector>

namespace enxerto::recipe_words {

/// The words that keys of a recipe take, from the tables that have them.
std::vector<std::string> auto_or(std::vector<std::string> words);
std::vector<std::string> data_kinds();
std::vector<std::string> fits();
std::vector<std::string> detectors();
std::vector<std::string> normalisations();
std::vector<std::string> initialisations();
std::vector<std::string> poolings();
std::vector<std::string> outputs();
std::vector<std::string> task_names();
std::vector<std::string> losses();
std::vector<std::string> kinds_of_heads();

}  // namespace enxerto::recipe_words

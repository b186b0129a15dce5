#pragma once
#include <cstdint>
#include <string>

namespace enxerto {

/// A made-up sentence of plain English words, the same for the same number on any machine.
std::string sample_sentence(std::uint64_t number);

}  // namespace enxerto

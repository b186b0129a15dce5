#pragma once
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <vector>

namespace enxerto {

/// For each line "N" on standard input makes N steps, `step()` giving the loss of one, and prints the seconds, those
/// that the processors worked, and all losses.
template <typename Step>
void steps_on_request(Step step) {
  for (int steps = 0; std::cin >> steps;) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor_start = std::clock();
    std::vector<double> losses;
    for (int i = 0; i < steps; ++i) losses.push_back(step());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const double processor_seconds = static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC;
    fmt::print("{:.4f} {:.4f} {:.7f}\n", seconds.count(), processor_seconds, fmt::join(losses, " "));
    std::fflush(stdout);
  }
}

}  // namespace enxerto
